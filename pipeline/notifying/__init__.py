"""Telling people of a night: its briefing, by e-mail, chat or webhook, to each of them once."""

from __future__ import annotations

from pipeline.notifying.briefing import Message, briefing
from pipeline.notifying.delivering import Delivery, Target, deliver
from pipeline.notifying.ledger import Ledger, State

__all__ = ["Delivery", "Ledger", "Message", "State", "Target", "briefing", "deliver"]
