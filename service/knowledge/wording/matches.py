"""Where a text has the words of a question, in whatever form they stand there."""

from service.knowledge.wording.words import guess_language, runs, stem, words


def matches(question: str, text: str, language: str | None = None) -> tuple[tuple[int, int], ...]:
    """
    Return the places (start, end) of the words of *text* that share a stem with a content word of *question*.

    *language* is the text's, guessed when None; the question is stemmed in its own and in the text's.
    """
    spoken = language or guess_language(text)
    asked = {stem(word, own) for word in words(question) for own in (spoken, guess_language(question))}
    return tuple(place for word, place in runs(text) if word and stem(word, spoken) in asked)
