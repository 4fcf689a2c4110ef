"""French verb forms by rule: the imperatives in tu of the verbs that a support desk uses."""

import re
from functools import cache

_ER = """
abaisser abandonner abonner abîmer accéder accélérer accepter accompagner accorder accrocher accumuler acheminer
acheter achever acquitter activer actualiser adapter additionner adhérer adopter adorer adresser affecter afficher
affiner affranchir agrafer agrémenter aider aimer ajouter ajuster alerter aligner alimenter allumer alterner amarrer
améliorer aménager amener analyser animer annoncer annoter annuler anticiper apaiser appeler appliquer apporter
apprécier approcher approuver appuyer archiver arranger arrêter arriver arroser articuler aspirer assembler assister
associer assurer attacher attester attirer attraper attribuer augmenter ausculter authentifier automatiser autoriser
avaler avancer aviser balayer barrer basculer baisser balader bénéficier bloquer boucher bouger brancher briser
brosser broyer cacher calculer caler calmer capturer caresser céder centrer cesser changer charger chasser chauffer
chercher cibler circuler clarifier classer cliquer clôturer cocher coller colorer combiner combler commander
commencer commenter communiquer comparer compenser compiler compléter composer compresser compter concentrer
confectionner confier configurer confirmer connecter conserver considérer consigner consolider consommer
constater consulter contacter conter contester continuer contourner contrôler convoquer coopérer copier corriger
couler couper coupler créer creuser critiquer croiser cultiver cumuler débarquer débarrasser débloquer débourser
débrancher débuter décaler décaper décharger déchiffrer déchirer décider déclarer déclencher décliner décocher
décoder décoller décompresser déconnecter décorer découper décrocher dédommager déduire dégager déguster délimiter
délivrer demander démarrer déménager demeurer démissionner démonter dénoncer dépanner dépenser déplacer déplier
déployer déposer dépoussiérer déranger dérouler désabonner désactiver désigner désinstaller désirer dessiner
destiner détacher détailler détecter déterminer détourner déverrouiller déverser développer dévisser diffuser
diminuer diriger discuter disposer disputer dissiper distinguer distribuer diviser documenter donner doser doubler
douter dresser durer échanger échantillonner échapper échouer éclairer éclater économiser écouter écraser écarter
éditer effacer effectuer égaliser égarer élaborer élever éliminer éloigner emballer embarquer émettre emmener
empêcher empiler employer emporter emprunter encaisser encadrer encoder encourager endommager enfiler enfoncer
engager enlever enregistrer enrouler enseigner entamer entasser entourer entraîner entrer envelopper envisager
envoyer épargner épeler épingler éponger épouser éprouver équiper espérer essayer essorer essuyer estimer étaler
éteindre étirer étudier évacuer évaluer éviter évoluer évoquer examiner excuser exécuter exercer exiger expédier
expérimenter expliquer exploiter explorer exporter exposer exprimer extraire fabriquer faciliter facturer favoriser
féliciter fermer fêter feuilleter ficeler fier filtrer filmer financer finaliser fixer flasher flécher fonctionner
fonder forcer forger former formater formuler fouiller fournir fractionner frapper freiner fréquenter frotter gagner
garer garder gaspiller gâter générer gérer glisser gommer gonfler goûter graver grouper guetter guider habiller
habiter habituer hésiter identifier ignorer illustrer imaginer imiter implanter impliquer importer imposer imprimer
inclure incliner incorporer indemniser indiquer informer initialiser initier injecter inonder inquiéter insérer
insister inspecter inspirer installer intégrer intensifier intéresser interpréter interroger intervenir introduire
inventer inverser inviter isoler jeter jouer joindre jouir juger justifier laisser lancer laver légaliser lever
libérer lier limiter lisser lister livrer localiser loger louer lutter maintenir manger manifester manipuler
marcher marquer masquer mélanger mémoriser menacer mener mentionner mériter mesurer migrer minimiser miser modérer
modifier monter montrer motiver mouiller moyenner multiplier munir négliger négocier nettoyer nier nommer notifier
noter nouer numériser numéroter obliger observer occuper octroyer officialiser opérer opposer opter ordonner
organiser orienter oser ôter oublier paramétrer parcourir pardonner parer parler parrainer partager participer
passer patienter payer pencher pénétrer penser percer perfectionner permuter persévérer personnaliser peser
photographier pianoter pincer piloter piocher pivoter placer planifier planter plier plonger pointer polir poncer
porter poser positionner posséder poster pousser pratiquer précéder préciser préférer prélever préparer présenter
préserver presser présumer prêter prier priver privilégier procéder procurer produire profiter programmer progresser
prolonger promener prononcer proposer protéger prouver provoquer publier purger quitter raccorder raccourcir
raccrocher raconter rafraîchir rajouter ralentir rallumer ramasser ramener ranger rappeler rapporter rapprocher
rassembler rassurer rater rayer réactiver réaliser rebrancher récapituler réceptionner rechercher recharger réclamer
recommander recommencer réconcilier reconfigurer reconnecter recouper recopier rectifier récupérer recycler rédiger
redémarrer rediriger redonner redresser redoubler refermer réformer refuser regarder régler régénérer regrouper
régulariser réinitialiser réinscrire réinstaller réitérer rejeter relancer relever relier remarquer rembourser
remercier remmener remonter remplacer rémunérer rencontrer renforcer renommer renoncer renouveler renseigner rentrer
renvoyer réorganiser réparer repasser repérer répéter replacer replier reporter reposer représenter réserver résider
résigner résilier résister respecter respirer ressayer rester restaurer restituer résumer retaper retarder retenter
retirer retoucher retourner rétracter retrouver réutiliser révéler revendiquer réviser révoquer rincer risquer
rouler sacrifier saisonner saler saluer sauter sauvegarder sauver savourer scanner sceller sécher secouer sécuriser
sélectionner sembler séparer serrer siéger signaler signer simplifier situer skier soigner solder solliciter sonner
souffler souhaiter soulager soulever souligner soupçonner soustraire spécifier stabiliser stationner stimuler
stocker stopper structurer suggérer suivre supporter supposer supprimer surfer surligner surmonter surprendre
surveiller suspecter synchroniser taper tapoter tarder télécharger téléphoner téléverser témoigner tenter terminer
tester tirer tolérer tomber toucher tourner tracer traiter trancher transférer transformer transmettre transporter
travailler traverser tremper trier trouver tuer utiliser vacciner valider valoriser varier veiller ventiler vérifier
verrouiller verser vider viser visionner visiter visser visualiser voler voter voyager zapper zoomer
aérer agencer arrimer astiquer boucler bricoler cacheter cartonner cheviller cirer claquer clipser cogner culpabiliser
dater déboîter dégivrer dégraisser démêler dépaqueter dérégler désarchiver désembuer désinfecter desserrer détartrer
dézoomer échelonner égoutter emboîter encastrer encocher énerver enficher étiqueter forwarder graisser huiler
incruster invalider invoquer lubrifier lustrer mailer mensualiser minuter mixer neutraliser paniquer parapher patcher
plaquer plastifier poinçonner préchauffer raboter racler réagencer réassembler recliquer recoller recompter reformater
réglementer relâcher relayer remballer remédier resserrer revérifier revisser sangler scotcher scroller sonder spammer
stresser surélever swiper taguer tamponner tchatter textoter tracasser traîner uploader zipper
"""
_IR = """
accomplir adoucir affranchir agir agrandir aplatir applaudir approfondir arrondir avertir bannir bâtir choisir
convertir définir désobéir éclaircir élargir embellir enrichir envahir épaissir établir finir fléchir fournir
franchir garantir grossir guérir intervertir investir jaillir jouir maigrir munir noircir nourrir obéir polir punir
raccourcir rafraîchir ralentir rajeunir réagir réfléchir refroidir réinvestir remplir répartir resplendir rétablir
réunir réussir rôtir saisir ressaisir subir surgir trahir unir vieillir vomir
"""
_OTHER = """
abattre accueillir accourir admettre apercevoir apparaître appartenir apprendre atteindre attendre autodétruire
battre boire combattre comparaître commettre comprendre conclure conduire confondre connaître conquérir consentir
construire contenir contraindre contredire convaincre convenir correspondre coudre courir couvrir craindre croire
cueillir cuire déduire décevoir découdre découvrir décrire défaire défendre démettre dépendre descendre desservir
désinscrire détendre détenir déteindre détruire devenir dire disparaître dissoudre distraire dormir écrire émettre
enduire endormir enfreindre entendre entreprendre entretenir entrouvrir éteindre étendre étreindre exclure extraire
faire fendre feindre fondre fuir inclure inscrire instruire interdire interrompre intervenir introduire joindre lire
maintenir mentir mettre mordre naître nuire obtenir offrir ouvrir paraître parcourir partir parvenir peindre pendre
percevoir perdre permettre plaindre plaire poursuivre prédire prendre prescrire pressentir prétendre prévenir
prévoir produire promettre proscrire rabattre réapprendre recevoir reconduire reconnaître reconstruire recourir
recouvrir récrire recueillir redescendre redire réduire réécrire refaire réinscrire rejoindre relire remettre rendre
renvoyer répandre répondre reprendre résoudre ressentir ressortir restreindre retenir retransmettre revendre revenir
revêtir revivre revoir rire rompre rouvrir satisfaire secourir sentir servir sortir souffrir soumettre sourire
souscrire soustraire soutenir souvenir suffire suivre surprendre survenir survivre suspendre taire teindre tendre
tenir tondre tordre traduire transcrire transmettre transparaître valoir vaincre vendre venir vêtir vivre voir
"""
_IRREGULAR = {
    "aller": "va", "avoir": "aie", "être": "sois", "savoir": "sache", "vouloir": "veuille", "asseoir": "assieds",
    "acquérir": "acquiers", "conquérir": "conquiers", "valoir": "vaux", "vêtir": "vêts",
    "revêtir": "revêts", "vaincre": "vaincs", "convaincre": "convaincs", "fuir": "fuis", "dissoudre": "dissous",
    "résoudre": "résous", "coudre": "couds", "découdre": "découds", "ravoir": "",
}  # fmt: skip
_ALSO_NOUNS = """
accroche active adresse affiche agrafe aide aime alerte amarre analyse annonce applique approche arrive assure
attache avance baisse barre bascule bouche boucle branche brosse cache cadre cale calme capture caresse casse cause
cesse change charge chasse cible classe code coffre colle commande compte concerne conserve console consigne
contrôle copie couche coupe courbe couvre crée critique croise date découpe demande demeure dépense dépose dispute
distance dose double doute dresse dure échange éclaire écoute élève embauche enquête entre enveloppe épargne épingle
éponge équipe escompte estime étape étude excuse exemple exige expose fabrique facture fauche ferme fête filtre
finance fixe flèche fonde force forge forme formule fouille fraude gagne garantie garde gare gâte glisse gomme grave
groupe guide habite illustre importe impose incline intègre inverse invite joue juge lance libre lie ligne limite
lisse liste livre loge loue lutte mande manque marche marge marque masque menace mesure mine mise mode modère monte
montre nomme note occupe offre opère oppose oriente pare partage passe patiente paie paye pause pense perce
photographie pièce pilote place plainte plante plonge pointe porte pose poste pousse pratique précède précise
présente presse prête prie prime prise prive procure programme propose purge quitte rame range recharge recherche
réclame récolte recommande réforme refuse règle relance relève relie remarque remise rencontre rente repère repose
représente réserve réside résume reste retarde retouche retraite risque rouille roule sauce sale salue sauve
sauvegarde scelle sèche semble serre siège signe solde sonde souffle soude suppose tache taille taxe tente tire
tombe touche trace traite tranche trempe triche trie vante varie veille verse vide vise visite vole vote zone balade
agence boucle cheville cire claque clipse clôture creuse date encoche entretiens étiquette graisse huile invalide lustre
minute moyenne panique paraphe relâche sangle maile plaque sonde traîne
centre comble conte couple fonctionne laisse manifeste mélange mérite paramètre participe pince raie rate résiste
suspecte téléphone valide épouse abats aie appris approfondis accomplis affranchis agrandis arrondis avertis bâtis
bois choisis combats compris conclus convertis cours définis dissous élargis enrichis établis exclus finis fonds
fournis fuis garantis inclus investis mis nourris parcours permis plais polis pris promis punis rafraîchis
raccourcis ralentis recours refroidis remplis résous rétablis réunis répartis ris saisis secours sens soumis souris
subis suis tiens trahis unis va vaux vers vis
"""

_VOWELS = "aeiouéèêœ"
"""Before them "again" is "ré-": "réessaie", "réimprime"."""
_ELER_ETER = re.compile(r"e([lt])er$")
_MUTE_E = re.compile(r"e([cdgmnprsv])er$")
_CLOSED_E = re.compile(r"é([bcdfglmnprstvz]|[bcdgptv][rlh]|gn|gu|qu)er$")
_THIRD_GROUP_IR = re.compile(r"(?:t|m|v)ir$")


@cache
def imperatives() -> frozenset[str]:
    """Return the forms that tell one familiar person to do something: "clique", "choisis", "réponds"."""
    first = [infinitive for infinitive in _ER.split() if infinitive.endswith("er")]
    again = ["ré" + infinitive for infinitive in first if infinitive[0] in _VOWELS]
    forms = {form for infinitive in (*first, *again) for form in _first_group(infinitive)}
    forms |= {infinitive[:-1] + "s" for infinitive in _IR.split()}
    forms |= {_third_group(infinitive) for infinitive in _OTHER.split()} | set(_IRREGULAR.values())
    return frozenset(forms - {""})


@cache
def ambiguous() -> frozenset[str]:
    """Return the forms that are also a noun, an adjective or a participle: "demande", "valide", "choisis"."""
    return frozenset(_ALSO_NOUNS.split())


def _first_group(infinitive: str) -> set[str]:
    stem = infinitive[:-2]
    if infinitive.endswith(("oyer", "uyer")):
        return {stem[:-1] + "ie"}
    if infinitive.endswith("ayer"):
        return {stem + "e", stem[:-1] + "ie"}
    if _ELER_ETER.search(infinitive):
        # Some double the consonant and some take a grave accent; nobody remembers which, so both are known.
        return {_ELER_ETER.sub(r"e\1\1e", infinitive), _ELER_ETER.sub(r"è\1e", infinitive)}
    if _MUTE_E.search(infinitive):
        return {_MUTE_E.sub(r"è\1e", infinitive)}
    return {_CLOSED_E.sub(r"è\1e", infinitive) if _CLOSED_E.search(infinitive) else stem + "e"}


def _third_group(infinitive: str) -> str:
    if infinitive in _IRREGULAR:
        return _IRREGULAR[infinitive]
    for ending, replacement in _ENDINGS:
        if infinitive.endswith(ending):
            return infinitive[: -len(ending)] + replacement
    return ""


_ENDINGS = (
    ("venir", "viens"), ("tenir", "tiens"), ("courir", "cours"), ("cueillir", "cueille"), ("accueillir", "accueille"),
    ("ouvrir", "ouvre"), ("offrir", "offre"), ("souffrir", "souffre"), ("tir", "s"), ("mir", "s"), ("vir", "s"),
    ("cevoir", "çois"), ("voir", "vois"), ("ttre", "ts"), ("aître", "ais"), ("indre", "ins"), ("dre", "ds"),
    ("ivre", "is"), ("uire", "uis"), ("aire", "ais"), ("oire", "ois"), ("ire", "is"), ("pre", "ps"), ("ure", "us"),
)  # fmt: skip
