"""axe-core finds nothing on any kind of page, in light on a desk and in dark on a telephone.

axe comes from npm: `npm ci --prefix tests/browser`. It is let past the pages' own policy here, and only here.
"""

from pathlib import Path

import pytest

AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
RUN = """async () => {
  const options = {resultTypes: ["violations"], rules: {"target-size": {enabled: true}}};
  return (await axe.run(document, options)).violations.flatMap(one =>
    one.nodes.map(node => [one.id, node.impact, node.target.join(" "), node.failureSummary].join(" | ")));
}"""


@pytest.mark.skipif(not AXE.exists(), reason="no axe-core: npm ci --prefix tests/browser")
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_axe_finds_nothing(readers, scheme, width):
    found = []
    with readers.visitor(width, color_scheme=scheme, bypass_csp=True) as visitor:
        for path in readers.pages:
            page = visitor.open(path)
            page.add_script_tag(path=AXE)
            found += [f"{path}: {said}" for said in page.evaluate(RUN)]
    assert not found, "\n".join(found)
