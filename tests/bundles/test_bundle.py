"""Bundles: there and back, and the published schema."""

from __future__ import annotations

import json

import pytest
from factories import make_story

from pipeline.bundles import bundle
from pipeline.serial import ShapeError

jsonschema = pytest.importorskip("jsonschema")


def made():
    return json.loads(json.dumps(bundle.to_bundle(make_story())))


def test_a_story_survives_its_bundle():
    assert bundle.from_bundle(made()) == make_story()


def test_the_schema_is_valid_and_bundles_fit_it():
    schema = bundle.schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(made(), schema)
    broken = made()
    broken["story"]["citations"][0]["key"] = "nonsense"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(broken, schema)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (lambda b: b.update(format="other"), "format"),
        (lambda b: b.update(format_version=99), "format"),
        (lambda b: b.update(extra=1), "extra"),
        (lambda b: b["story"].pop("headline"), "headline"),
        (lambda b: b["story"]["sections"][0].update(paragraphs=3), "paragraphs"),
    ],
)
def test_what_is_no_bundle_is_refused_with_its_place(change, path):
    broken = made()
    change(broken)
    with pytest.raises(ShapeError, match=path):
        bundle.from_bundle(broken)


@pytest.mark.parametrize("value", [None, [], "text", 3])
def test_other_json_is_no_bundle(value):
    with pytest.raises(ShapeError):
        bundle.from_bundle(value)


def test_the_seal_is_of_the_content_alone():
    first, second = made(), made()
    assert first["seal"] == second["seal"] == bundle.seal(dict(reversed(first["story"].items())))
    second["story"]["short_title"] += "!"
    assert bundle.seal(second["story"]) != first["seal"]
