"""sentence-transformers and FAISS, with nothing between: a flat index and the passages beside it."""

import json
from pathlib import Path

from protocol import TOP, model, passages, run
from sentence_transformers import SentenceTransformer

import faiss  # isort: skip


def build(source, folder):
    rows = list(passages(source))
    vectors = SentenceTransformer(model()).encode([text for _, text in rows], normalize_embeddings=True)
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    faiss.write_index(index, f"{folder}/index.faiss")
    Path(folder, "passages.json").write_text(json.dumps(rows))


def load(folder):
    encoder = SentenceTransformer(model())
    index = faiss.read_index(f"{folder}/index.faiss")
    rows = json.loads(Path(folder, "passages.json").read_text())

    def ask(question):
        _, places = index.search(encoder.encode([question], normalize_embeddings=True), TOP)
        return [rows[place][0] for place in places[0] if place >= 0]

    return ask


run(build, load)
