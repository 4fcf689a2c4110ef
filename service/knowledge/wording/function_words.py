"""Words that say nothing about a question's subject: articles, pronouns, question words, courtesies."""

_FRENCH = """
le la les l un une des d du de au aux a à et ou où en dans par pour sur avec sans sous est sont suis es être
ai as avons avez ont avoir fait faire ce cet cette ces ça c cela se s sa son ses je j tu il elle on nous vous
ils elles me m te t mon ma mes ton ta tes notre nos votre vos leur leurs que qu qui quoi quel quelle quels
quelles dont comment pourquoi quand combien ne n pas plus y si mais donc puis peut peux pouvez dois doit faut
lui moi toi même bonjour merci etre meme ca
"""
_ENGLISH = """
a an the of in to on at by for from with without and or not is are was were be been am do does did doing have
has had having i you he she it we they me my your his her its our their this that these those what which who
whom whose how why when where can could should would will may might must shall if so as than then there here
also please hi hello thanks thank s t re ve ll d m
"""
FUNCTION_WORDS = {"fr": frozenset(_FRENCH.split()), "en": frozenset(_ENGLISH.split())}
"""By language (ISO 639-1), lower case, as `words.words` divides: "l'eau" is "l" and "eau"."""
