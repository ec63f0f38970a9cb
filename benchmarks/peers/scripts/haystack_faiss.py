"""Haystack with its FAISS document store, kept on disk."""

from haystack import Document
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)
from haystack_integrations.components.retrievers.faiss import FAISSEmbeddingRetriever
from haystack_integrations.document_stores.faiss import FAISSDocumentStore
from protocol import TOP, model, passages, run


def build(source, folder):
    documents = [Document(id=name, content=text) for name, text in passages(source)]
    embedder = SentenceTransformersDocumentEmbedder(model=model(), progress_bar=False, normalize_embeddings=True)
    embedder.warm_up()
    store = FAISSDocumentStore(embedding_dim=384)
    store.write_documents(embedder.run(documents)["documents"])
    store.save(f"{folder}/store")


def load(folder):
    embedder = SentenceTransformersTextEmbedder(model=model(), progress_bar=False, normalize_embeddings=True)
    embedder.warm_up()
    store = FAISSDocumentStore(index_path=f"{folder}/store", embedding_dim=384)
    retriever = FAISSEmbeddingRetriever(document_store=store, top_k=TOP)

    def ask(question):
        found = retriever.run(query_embedding=embedder.run(question)["embedding"])
        return [document.id for document in found["documents"]]

    return ask


run(build, load)
