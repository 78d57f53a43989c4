"""Writes hugging-face-bpe.json: what Hugging Face tokenizers learns from sentences of a small grammar, for BpeTrainerTest.

pip install tokenizers==0.23.2 && python make_reference.py
"""

import json
import random

import tokenizers
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

SPLIT = (
    r"'(?:[sSdDmMtT]|[lL][lL]|[vV][eE]|[rR][eE])|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
SPECIALS = ["<pad>", "<s>", "</s>", "<unk>", "<region>", "<image>"]
random.seed(20)
one_of = random.choice


def thing():
    colour = one_of(["red", "Blue", "dark green", "pale-yellow", "striped", ""])
    kind = one_of(["dog", "cat", "Bicycle", "umbrella", "tea cup", "naïve café", "Straße", "nodule", "左の猫", "🐕‍🦺", "ананас", "ζωής"])
    return " ".join(w for w in ["the", one_of(["small", "tallest", "second", ""]), colour, kind] if w)


def sentence():
    place = one_of(["left of", "right of", "above", "behind", "in front of", "nearest to"])
    digits = ", ".join(str(random.randint(0, 1000)) for _ in range(4))
    return one_of(
        [
            f"Where is {thing()} {place} {thing()}?",
            f"Segment {thing()} at [{digits}].",
            f"It's {thing()}, isn't it?\n  They'll say: {thing()}!!",
            f"{thing()}  and\t{thing()} -- aaaaaaa{'a' * random.randint(0, 9)} {'ha' * random.randint(1, 6)}",
        ]
    )


sentences = [sentence() for _ in range(300)]
tokenizer = Tokenizer(models.BPE())
tokenizer.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Lowercase()])
tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
    [
        pre_tokenizers.Split(Regex(SPLIT), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
    ]
)
trainer = trainers.BpeTrainer(
    vocab_size=500,
    min_frequency=2,
    special_tokens=SPECIALS,
    initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    show_progress=False,
)
tokenizer.train_from_iterator(sentences, trainer)
model = json.loads(tokenizer.to_str())["model"]
probes = [sentence() for _ in range(20)] + ["A typpo in teh SENTENCE", "İstanbul ΣΊΣΥΦΟΣ", "</s> <image>dog", "é e\u0301 \u00a0x", ""]
with open("hugging-face-bpe.json", "w") as out:
    json.dump(
        {
            "version": tokenizers.__version__,
            "sentences": sentences,
            "vocab": sorted(model["vocab"], key=model["vocab"].get),
            "merges": [" ".join(merge) for merge in model["merges"]],
            "encoded": [{"text": text, "ids": tokenizer.encode(text, add_special_tokens=False).ids} for text in probes],
        },
        out,
        indent=0,
        ensure_ascii=True,
    )
    out.write("\n")
