"""Assertions inside storylines and between them: who says them, who disputes them, what took their place."""
