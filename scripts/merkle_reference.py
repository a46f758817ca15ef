"""Prints what an independent implementation of RFC 9162 (PyPI: pymerkle) says, for MerkleReferenceTests to compare.

Lines: "root SIZE HEX", "inclusion SIZE INDEX HEX,HEX…". The hashes of a proof are sorted, because pymerkle lists them
in an order of its own; its consistency proofs are not the minimal ones of the RFC and are not compared.
Exits with 77 where pymerkle is not installed.
"""

import sys

try:
    from pymerkle import InmemoryTree
except ImportError:
    sys.exit(77)

ROOTS, PROOFS = 300, 40
tree = InmemoryTree(algorithm="sha256")
root_of = getattr(tree, "get_root", None) or tree.get_state

for size in range(1, ROOTS + 1):
    tree.append_entry(f"entry {size - 1}".encode())
    root = root_of(size)
    print("root", size, root if isinstance(root, str) else root.hex())


def hashes(proof):
    return ",".join(sorted(set(proof.serialize()["path"])))


for size in range(1, PROOFS + 1):
    for index in range(1, size + 1):
        print("inclusion", size, index - 1, hashes(tree.prove_inclusion(index, size)))
