"""What can be changed in a module, one thing at a time, and which of it is worth trying."""

from __future__ import annotations

import ast
import hashlib
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

import cosmic_ray.plugins
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["Mutant", "mutants_of", "sampled"]

NAMES = {
    "any": "all",
    "all": "any",
    "min": "max",
    "max": "min",
    "floor": "ceil",
    "ceil": "floor",
    "minimum": "maximum",
    "maximum": "minimum",
    "isna": "notna",
    "notna": "isna",
    "idxmin": "idxmax",
    "idxmax": "idxmin",
    "mask": "where",
    "where": "mask",
}
"""Names that say the opposite: half of what is decided here is a method of a table."""
BORDERS = {'"<="': '"<"', '">="': '">"', '"<"': '"<="', '">"': '">="', '"="': '">="'}
"""Borders handed to ``meets`` as words."""


class NameSwap:
    """An operator in cosmic-ray's form: a method or function by its opposite."""

    def mutation_positions(self, node):
        if node.type == "name" and node.value in NAMES and node.parent.type == "trailer":
            yield node.start_pos, node.end_pos
        called = node.type == "name" and node.parent.type == "atom_expr"
        if called and node.value in NAMES and node.parent.children[0] is node:
            yield node.start_pos, node.end_pos

    def mutate(self, node, _index):
        node.value = NAMES[node.value]
        return node


class BorderSwap:
    """An operator in cosmic-ray's form: the border itself in or out."""

    def mutation_positions(self, node):
        if node.type == "string" and node.value in BORDERS:
            yield node.start_pos, node.end_pos

    def mutate(self, node, _index):
        node.value = BORDERS[node.value]
        return node


OWN = {"NameSwap": NameSwap, "BorderSwap": BorderSwap}
TWINS = {
    *{"Add_Sub", "Sub_Add", "Mul_Div", "Div_Mul", "FloorDiv_Div", "Mod_Div", "Pow_Mul"},
    *{"BitAnd_BitOr", "BitOr_BitAnd", "BitXor_BitOr"},
}
"""Arithmetic worth trying: any test notices a shift among floats, which raises."""
STARRED = {"parameters", "lambdef", "argument", "star_expr", "dictorsetmaker"}
"""Where a star is no product."""
IDLE = ("RemoveDecorator", "VariableReplacer", "VariableInserter")
"""A decorator is a cache, or its absence breaks at once; the others need names given to them."""


@dataclass(frozen=True)
class Mutant:
    """One change of one module.

    Parameters
    ----------
    name:
        The module, dotted.
    path:
        Its file below the package, the words ``accepted.toml`` names it by.
    occurrence:
        Which place of the operator it is, from 0.
    row, column:
        Where it is, from 1 and from 0.
    rows:
        The lines of the statement it stands in, or of its head; of a module's constant, also
        those that use it.
    line:
        The line's text.
    rank:
        How many mutants of the same place come before it.
    """

    name: str
    path: str
    operator: str
    occurrence: int
    row: int
    column: int
    rows: frozenset[int]
    line: str
    rank: int = 0

    def key(self, seed: int = 0) -> str:
        """Return what it is drawn and remembered by: the same while its line is the same."""
        said = f"{seed} {self.path} {self.operator} {self.occurrence} {self.line}"
        return hashlib.sha256(said.encode()).hexdigest()[:16]

    def code(self, source: str) -> str | None:
        """Return the module's text with the change made, None where that is no Python."""
        changed = mutate_code(source, operator_named(self.operator), self.occurrence)
        try:
            compile(changed, self.path, "exec", dont_inherit=True)
        except SyntaxError:  # a star of a signature is no product
            return None
        return changed


def operator_named(name: str):
    return OWN[name]() if name in OWN else cosmic_ray.plugins.get_operator(f"core/{name}")()


@cache
def operator_names() -> list[str]:
    """Return the operators that can tell something.

    Identity in place of equality, and the other way round, changes nothing among numbers kept
    once, None and members of enumerations; an order of them raises.
    """
    named = [name.removeprefix("core/") for name in cosmic_ray.plugins.operator_names()]
    kept = []
    for name in named:
        parts = name.split("_")
        if parts[0] == "ReplaceBinaryOperator" and "_".join(parts[1:]) not in TWINS:
            continue
        identity = [part in {"Is", "IsNot"} for part in parts[1:]]
        if name not in IDLE and (not any(identity) or all(identity)):
            kept.append(name)
    return sorted([*kept, *OWN])


def mutants_of(file: Path, package: Path) -> list[Mutant]:
    """Return every change of a module that could be noticed, in the order of its lines."""
    source = file.read_text(encoding="utf-8")
    nodes, lines = list(ast_nodes(get_ast(source))), source.splitlines()
    parsed = ast.parse(source)
    statements, silent = list(spans(parsed)), set(unread(parsed))
    path = file.relative_to(package)
    name = ".".join((package.name, *path.with_suffix("").parts))
    found = []
    for operator in operator_names():
        known = operator_named(operator)
        places = ((node, start) for node in nodes for start, _ in positions(known, node))
        for occurrence, (node, (row, column)) in enumerate(places):
            if node.type == "operator" and node.parent.type in STARRED:
                continue
            if any(first <= (row, column) < last for first, last in silent):
                continue
            around = [span for span in statements if span[0] <= row <= span[1]]
            shortest = min(around, key=lambda span: span[1] - span[0], default=None)
            rows = frozenset({row}) if shortest is None else shortest[2]
            text = lines[row - 1].strip()
            found.append(
                Mutant(name, path.as_posix(), operator, occurrence, row, column, rows, text)
            )
    return sorted(found, key=lambda one: (one.row, one.column, one.operator, one.occurrence))


def positions(operator, node) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    return operator.mutation_positions(node) or iter(())


def spans(tree: ast.Module) -> Iterator[tuple[int, int, frozenset[int]]]:
    """Yield first and last line of every statement, and all lines that tell whether it is run.

    Of a statement with a body the head alone. A constant runs as its module is loaded: what tells
    are the lines that use it.
    """
    uses: dict[str, set[int]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            uses.setdefault(node.id, set()).add(node.lineno)
    for node in ast.walk(tree):
        if not isinstance(node, ast.stmt):
            continue
        body = getattr(node, "body", None)
        last = max(node.lineno, body[0].lineno - 1) if body else node.end_lineno or node.lineno
        rows = set(range(node.lineno, last + 1))
        if node in tree.body and isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                rows |= uses.get(getattr(target, "id", ""), set())
        yield node.lineno, last, frozenset(rows)


def unread(tree: ast.AST) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Yield the places nothing runs by: annotations, and imports for them alone."""
    for node in ast.walk(tree):
        parts: list[ast.AST | None] = []
        if isinstance(node, ast.FunctionDef):
            every = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            parts = [node.returns, *(one.annotation for one in every)]
        elif isinstance(node, ast.AnnAssign):
            parts = [node.annotation]
        elif isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            parts = [node]
        for part in parts:
            if part is not None:
                start, end = (part.lineno, part.col_offset), (part.end_lineno, part.end_col_offset)
                yield start, end


def sampled(mutants: list[Mutant], count: int, seed: int) -> list[Mutant]:
    """Return ``count`` of them, drawn by chance but the same each time; 0: all.

    Every place is changed once before any is changed twice, and a larger sample holds the smaller.
    """
    drawn = sorted(mutants, key=lambda one: one.key(seed))
    seen: Counter[tuple[str, int, int]] = Counter()
    ranked = []
    for one in drawn:
        place = (one.path, one.row, one.column)
        ranked.append(replace(one, rank=seen[place]))
        seen[place] += 1
    ranked.sort(key=lambda one: (one.rank, one.key(seed)))
    return ranked[: count or None]
