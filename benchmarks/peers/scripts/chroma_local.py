"""Chroma as a persistent collection."""

import chromadb
from chromadb.utils.batch_utils import create_batches
from chromadb.utils.embedding_functions import SentenceTransformerEmbeddingFunction
from protocol import TOP, model, passages, run


def embedding():
    return SentenceTransformerEmbeddingFunction(model(), normalize_embeddings=True)


def build(source, folder):
    client = chromadb.PersistentClient(folder)
    collection = client.create_collection("readouts", embedding_function=embedding())
    ids, texts = map(list, zip(*passages(source), strict=True))
    for batch_ids, _, _, batch_texts in create_batches(client, ids=ids, documents=texts):
        collection.add(ids=batch_ids, documents=batch_texts)


def load(folder):
    collection = chromadb.PersistentClient(folder).get_collection("readouts", embedding_function=embedding())
    return lambda question: collection.query(query_texts=[question], n_results=TOP)["ids"][0]


run(build, load)
