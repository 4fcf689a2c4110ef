"""In French: why a prompt file cannot be read, and what a key must be."""

from service.prompting import key_faults, yaml_faults

FAULTS = {
    yaml_faults.NESTED: "des listes et des clés sont imbriquées trop profondément",
    yaml_faults.NO_MAPPING: "ce n’est pas une liste de clés et de valeurs, comme name: Maison Lune",
    yaml_faults.EMPTY: "il ne dit rien",
    yaml_faults.UNCLOSED: "l’en-tête commence par --- et n’est jamais fermé par une seconde ligne de ---",
    yaml_faults.WRONG_VALUE: "une valeur ne correspond pas au type écrit devant elle",
    yaml_faults.TAB: "une tabulation précède le texte ; YAML s’indente avec des espaces seulement",
    yaml_faults.COLON: (
        "deux-points là où il ne peut y en avoir : mettez le texte entre guillemets droits, ou cherchez dans la ligne "
        "au-dessus un deux-points ou une espace qui manque"
    ),
    yaml_faults.QUOTE_OR_INDENT: (
        "ici ou dans une ligne au-dessus, un guillemet n’est pas fermé, figure dans un texte entre guillemets, ou la "
        "ligne n’est pas alignée sur ses voisines"
    ),
    yaml_faults.UNENDED: "un guillemet est ouvert et jamais fermé",
    yaml_faults.BRACKET: "une liste commence par [ et il lui manque son ] ou une virgule",
    yaml_faults.BRACE: "à ce qui commence par { il manque son } ou une virgule",
    yaml_faults.VALUE: "une valeur manque ici, après un crochet, une virgule ou un deux-points",
    yaml_faults.SIGN: "un texte ne peut pas commencer par ce signe : mettez-le entre guillemets droits",
    yaml_faults.ESCAPE: (
        "une barre oblique inverse figure entre guillemets doubles : doublez-la, ou prenez des guillemets simples"
    ),
    yaml_faults.CONTROL: "il contient un caractère de contrôle qu’aucun texte ne peut contenir",
    yaml_faults.ALIAS: "un texte qui commence par * est pris pour un renvoi : mettez-le entre guillemets droits",
    yaml_faults.TAG: "un texte qui commence par ! est pris pour un type : mettez-le entre guillemets droits",
    yaml_faults.DOCUMENTS: "une ligne de --- commence un second document ; un fichier n’en contient qu’un",
    yaml_faults.KEY: "une liste ou un groupe de clés figure à la place d’une clé",
    yaml_faults.OTHER: "ce n’est pas du YAML",
    key_faults.MISSING: "la clé manque",
    key_faults.EMPTY: "il ne dit rien",
    key_faults.TEXT: "c’est un texte, entre guillemets droits",
    key_faults.TRUTH: "c’est true ou false",
    key_faults.WHOLE: "c’est un nombre entier",
    key_faults.NUMBER: "c’est un nombre, avec un point et sans virgule : 0.5",
    key_faults.DATE: "c’est une date : 2026-11-24",
    key_faults.LIST: "c’est une liste : [un, deux]",
    key_faults.MAPPING: "il contient ses propres clés, chacune sur une ligne dessous, indentée de deux espaces",
    key_faults.KEY_TEXT: (
        "cette clé n’est pas un texte : mettez-la entre guillemets droits, et cherchez une virgule dans un nombre"
    ),
}
