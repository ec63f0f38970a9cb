"""Readouts through its Python interface; it reads the readouts' own files."""

from protocol import TOP, run

from assistant import Assistant


def build(source, folder):
    with Assistant.open(folder) as assistant:
        assistant.add([source])


def load(folder):
    assistant = Assistant.open(folder)

    def ask(question, conversation=None):
        hits = assistant.ask(question, conversation=conversation, top_k=TOP).hits
        return [f"{hit.passage.source.doc_id}#{hit.passage.paragraph}" for hit in hits]

    return ask


run(build, load)
