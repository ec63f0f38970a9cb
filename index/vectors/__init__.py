"""Vectors beside the catalogue: exact where that is fast enough, inverted and quantised beyond, in segments.

``rows`` holds one segment's exact rows, memory-mapped; ``flat`` and ``inverted`` search one; ``segmented`` searches several as
one and says which rows are gone; ``store`` keeps them in the folder of an index, each state of the catalogue with its own.
"""

from index.vectors.flat import FlatIndex
from index.vectors.inverted import InvertedIndex
from index.vectors.rows import Rows, best, products
from index.vectors.segmented import SegmentedIndex

__all__ = ["FlatIndex", "InvertedIndex", "Rows", "SegmentedIndex", "best", "products"]
