"""LlamaIndex with its FAISS vector store; the one it comes with keeps its vectors as JSON."""

import faiss
from llama_index.core import StorageContext, VectorStoreIndex, load_index_from_storage
from llama_index.core.schema import TextNode
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from llama_index.vector_stores.faiss import FaissVectorStore
from protocol import TOP, model, passages, run


def build(source, folder):
    nodes = [TextNode(id_=name, text=text) for name, text in passages(source)]
    storage = StorageContext.from_defaults(vector_store=FaissVectorStore(faiss.IndexFlatIP(384)))
    VectorStoreIndex(nodes, storage_context=storage, embed_model=HuggingFaceEmbedding(model()))
    storage.persist(folder)


def load(folder):
    store = FaissVectorStore.from_persist_dir(folder)
    storage = StorageContext.from_defaults(vector_store=store, persist_dir=folder)
    index = load_index_from_storage(storage, embed_model=HuggingFaceEmbedding(model()))
    retriever = index.as_retriever(similarity_top_k=TOP)
    return lambda question: [found.node.node_id for found in retriever.retrieve(question)]


run(build, load)
