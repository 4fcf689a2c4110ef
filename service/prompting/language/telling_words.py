"""Words that tell one language from its neighbours: mostly function words, and what every customer writes about."""

from typing import Final

TELLING: Final = {
    "fr": """
au aux avec avez avons bonjour bonsoir ça car cela ce cette ces c' chez comme comment d' dans de depuis des dois du
elle elles est et être faire faut il ils j' je jusqu' l' la le les leur leurs lors lorsque lorsqu' m' ma mais merci
mes moi mon n' ne nos notre nous on où ou par pas peut peux plus pour pourquoi puis qu' quand que quel quelle quelles
quels qui quoi s' sa sans sera serait ses si son sont sous suis sur t' toujours tous toutes très tu un une vers voici
vos votre vous à été y ont avoir fait aucun aucune aide bien carte client clients colis commande compte demande
facture jours livraison livré numéro paiement reçu remboursement retard retour rien savoir supprimer jamais bjr slt svp
stp pb jai cest jattends jattend recu deja tres etes etre ete voudrais voulais souhaite bouton clignote délai délais
panne produit produits résilier sérieux cassé cassée défectueux abîmé puis-je aimerais faudrait combien
""",
    "en": """
a about after all am an and any are as at be because been before but by can cannot could did do does don't for from
get had has have hello he her here hi his how i if in into is it its just like me more my need no not of off on only
or our out please she should so some thank thanks that the their them then there these they this those to up us was we
were what when where which who why will with would yes you your i'm i've it's can't didn't won't isn't account add
available bonus buy call card cards care change customer days delivery email find free give got having help know last
late lost make many money month much name new next number open order orders paid pay payment people phone policy
problem product products provide refund return sent service size still support take team tell there's time today use
used using want way week working year dont didnt doesnt isnt wasnt wont cant couldnt havent ive wheres whats thats since
arrived broken link missing password received reset wrong stopped showing down slow plz pls thx
""",
    "de": """
aber als am an auch auf aus bei bin bitte das dass dem den der des die durch ein eine einem einen einer er es für habe
haben hat ich ihr ihre im in ist kann kein keine man mein meine mich mir mit nach nicht noch nur oder sehr sein sich
sie sind so über um und uns unser von vom war warum was wenn wer wie wieder wir wird wo wurde zu zum zur danke hallo
""",
    "es": """
al así aquí como con cuando cuándo de del desde donde dónde el ella en es esta está este esto gracias ha hasta hay
hola la las le lo los mas más me mi mis muy no nos o para pero por porque puedo que qué se ser si sí sin sobre son su
sus también tengo un una usted y ya yo cómo
""",
    "it": """
a ai al alla anche buongiorno che chi ci come con cosa da dal dalla dei del della delle di dove e è gli grazie ha ho i
il in io la le lo ma mi mia mio nel nella non o per perché più posso quando quanto questa questo se si sono su sul un
una vi vorrei ciao
""",
    "nl": """
aan als bij dan dat de deze die dit een en er geen hallo heb hebben heeft het hier hoe ik in is je jullie kan kunnen
maar met mijn naar niet nog of om onze ook op over te tot u uit uw van voor waar wanneer wat we wel wij worden zijn zo
dank bedankt
""",
}
"""By ISO 639-1 code; in small letters, an elided word with its straight apostrophe."""
