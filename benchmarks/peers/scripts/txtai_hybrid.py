"""txtai with vectors and words together (hybrid)."""

from protocol import TOP, model, passages, run
from txtai import Embeddings


def build(source, folder):
    embeddings = Embeddings(path=model(), content=True, hybrid=True)
    embeddings.index(passages(source))
    embeddings.save(folder)


def load(folder):
    embeddings = Embeddings()
    embeddings.load(folder)
    return lambda question: [found["id"] for found in embeddings.search(question, TOP)]


run(build, load)
