"""The fast engine: NumPy for the first question, ONNX Runtime for later ones, PyTorch with packed weights for many texts.

All use the model's own weights. Neither sentence-transformers nor transformers is loaded, PyTorch only for many texts, and
ONNX Runtime after several questions. What the fast engine does not cover, or does not compute as the
reference does, is left to the reference.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.encoder import trust
from index.encoder.cache import Cache
from index.encoder.models import WEIGHTS, Model
from index.encoder.numpy_bert import NumpyBert
from index.encoder.recipe import NotCoveredError, read_recipe
from index.encoder.reference import SentenceTransformerEncoder
from index.encoder.tokens import WINDOW, Tokenizer, Tokens, batches, in_order
from index.encoder.weights import Tensors, read_tensors
from index.protocols import Vectors

if TYPE_CHECKING:
    from index.encoder.onnx_bert import OnnxBert
    from index.encoder.torch_bert import TorchBert

#: The single text after which ONNX Runtime is loaded, in a quarter of a second: a process that asks several will ask more. One
#: question may be two texts, as it was typed and as it was understood.
SEVERAL = 3
#: Up to this many tokens, NumPy is done before PyTorch would be imported (1 to 2 s).
FEW_TOKENS = 6_000
#: Tokens per batch: of 512, 1024, 2048 and 4096 this was slightly the best, with either type of number.
BUDGET = 2048


class FastEncoder:
    """Embeddings of a BERT model without the libraries that trained it.

    Args:
        model: Where its files are.
        cache: Where verdicts are recorded.
        reference: Loads the reference; called only if nothing else can verify or serve.

    Raises:
        NotCoveredError: The model is of another kind, or its embeddings come out wrong.
        EncoderError: Its files are damaged.
    """

    engine = "numpy + onnxruntime + torch"

    def __init__(self, model: Model, cache: Cache, reference: Callable[[], SentenceTransformerEncoder]) -> None:
        self.name, self.revision, self.dimension = model.name, model.revision, model.dimension
        self._model, self._cache, self._reference = model, cache, reference
        self._recipe = read_recipe(model.folder)
        self._tensors = _tensors(model.folder / WEIGHTS)
        self._tokenizer = Tokenizer(model.folder, self._recipe.longest)
        try:
            #: What encodes a question or a few texts.
            self.few: NumpyBert | OnnxBert = NumpyBert(self._recipe, self._tensors)
        except KeyError as error:
            raise NotCoveredError(f"its weights have no {error}") from error
        self._questions, self._choosing = 0, threading.Lock()
        #: The thread that loads what is faster, after several questions; None before.
        self.loading: threading.Thread | None = None
        #: What encodes many texts; None until there are many.
        self.many: TorchBert | SentenceTransformerEncoder | None = None
        self._trust(f"numpy {np.__version__}", self.few)

    def probe(self) -> float:
        """The lowest cosine with the reference over a few texts, compared now regardless of earlier verdicts.

        Raises:
            NotCoveredError: It is too low.
        """
        return trust.verify(lambda: self._probed(self.few), self._expected(), "float32")

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode a batch; see ``Encoder.encode``."""
        return in_order(self.encode_stream(texts), len(texts), self.dimension)

    def encode_stream(self, texts: Sequence[str]) -> Iterator[tuple[NDArray[np.intp], Vectors]]:
        """Encode many texts, window by window, longest first in each; see ``Encoder.encode_stream``."""
        for first in range(0, len(texts), WINDOW):
            part = texts[first : first + WINDOW]
            tokens = [self._tokenizer.one(part[0])] if len(part) == 1 else self._tokenizer.many(part)
            engine = self._engine(len(texts), sum(map(len, tokens)))
            if isinstance(engine, SentenceTransformerEncoder):
                stream = engine.encode_stream(part)
            else:
                stream = _batchwise(engine, tokens)
            for places, vectors in stream:
                yield places + first, vectors

    def _engine(self, texts: int, tokens: int) -> NumpyBert | OnnxBert | TorchBert | SentenceTransformerEncoder:
        """What is fastest for this many texts, with this many tokens in their first window."""
        with self._choosing:
            if texts == 1:
                self._questions += 1
                if self._questions == SEVERAL:
                    # Waited for at the end, whatever thread asks: the library aborts a process that ends while it is loaded.
                    self.loading = threading.Thread(target=self._load_quicker, name="onnxruntime", daemon=False)
                    self.loading.start()
            if texts == 1 or (self.many is None and texts <= WINDOW and tokens <= FEW_TOKENS):
                return self.few
            if self.many is None:
                self.many = self._for_many()
            return self.many

    def _load_quicker(self) -> None:
        """Replace NumPy by ONNX Runtime, if that is installed and computes the same as the reference."""
        try:
            import onnxruntime

            from index.encoder.onnx_bert import OnnxBert

            bert = OnnxBert(self._recipe, self._tensors)
            self._trust(f"onnxruntime {onnxruntime.__version__}", bert)
        except Exception:  # noqa: BLE001 - whatever is wrong with it, NumPy continues
            return
        self.few = bert

    def _for_many(self) -> TorchBert | SentenceTransformerEncoder:
        # Not at the top: importing it imports PyTorch, which a question does not need.
        from index.encoder.torch_bert import TorchBert, sees_graphics_card

        if sees_graphics_card():
            return self._reference()
        bert = TorchBert(self._recipe, self._tensors)
        try:
            trust.verify(lambda: self._probed(bert), self._expected(), bert.type_name)
        except NotCoveredError:
            return self._reference()
        return bert

    def _trust(self, name: str, engine: NumpyBert | OnnxBert) -> None:
        trust.verify_once(self._model, name, self._cache, lambda: self._probed(engine), self._expected)

    def _expected(self) -> Vectors:
        return trust.reference_vectors(self._model, self._cache, lambda: self._reference().encode(trust.PROBES))

    def _probed(self, engine: NumpyBert | OnnxBert | TorchBert) -> Vectors:
        tokens = self._tokenizer.many(trust.PROBES)
        vectors = np.empty((len(tokens), self.dimension), dtype=np.float32)
        for places, batch in _batchwise(engine, tokens):
            vectors[places] = batch
        return vectors


def _batchwise(
    engine: NumpyBert | OnnxBert | TorchBert, tokens: Sequence[Tokens]
) -> Iterator[tuple[NDArray[np.intp], Vectors]]:
    for batch in batches([len(one) for one in tokens], BUDGET):
        yield np.array(batch, dtype=np.intp), engine.encode([tokens[place] for place in batch])


def _tensors(path: Path) -> Tensors:
    """Weights by name, without the prefix that some files have."""
    return {name.removeprefix("bert."): tensor for name, tensor in read_tensors(path).items()}
