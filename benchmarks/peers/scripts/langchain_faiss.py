"""LangChain with its FAISS vector store."""

from langchain_community.vectorstores import FAISS
from langchain_huggingface import HuggingFaceEmbeddings
from protocol import TOP, model, passages, run


def embeddings():
    return HuggingFaceEmbeddings(model_name=model(), encode_kwargs={"normalize_embeddings": True})


def build(source, folder):
    ids, texts = zip(*passages(source), strict=True)
    FAISS.from_texts(texts, embeddings(), ids=ids).save_local(folder)


def load(folder):
    store = FAISS.load_local(folder, embeddings(), allow_dangerous_deserialization=True)
    return lambda question: [document.id for document in store.similarity_search(question, k=TOP)]


run(build, load)
