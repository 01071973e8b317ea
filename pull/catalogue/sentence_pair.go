package catalogue

// pairSentences are about what two keywords share. They name both, the one that
// is looked at within square brackets.
var pairSentences = map[string]map[string]string{
	CodeDuplicate: {
		"en": `"{phrase}"[ of the keyword "{keyword}"] is a duplicate: it calls the keyword "{other}" too; change one, or set tie = true on both to have readers asked which.`,
		"fr": "« {phrase} »[ du mot-clé « {keyword} »] est un doublon : il appelle aussi le mot-clé « {other} » ; changez l'un des deux, ou cochez « Partage voulu » pour les deux, et le lecteur choisira.",
		"de": "„{phrase}“[ des Stichworts „{keyword}“] ist doppelt: Es ruft auch das Stichwort „{other}“ auf; ändern Sie eines, oder wählen Sie bei beiden „Absichtlich geteilt“, damit nachgefragt wird.",
	},
	CodeShadowed: {
		"en": `"{phrase}"[ of the keyword "{keyword}"] is easily taken for "{other_phrase}", which calls the keyword "{other}" in "{language}"; change one, or set tie = true on both to have readers asked which.`,
		"fr": "« {phrase} »[ du mot-clé « {keyword} »] se confond facilement avec « {other_phrase} », qui appelle le mot-clé « {other} » en « {language} » ; changez l'un des deux, ou cochez « Partage voulu » pour les deux.",
		"de": "„{phrase}“[ des Stichworts „{keyword}“] ist leicht mit „{other_phrase}“ zu verwechseln, das in „{language}“ das Stichwort „{other}“ aufruft; ändern Sie eines, oder wählen Sie bei beiden „Absichtlich geteilt“.",
	},
	CodeNeighbour: {
		"en": `"{phrase}"[ of the keyword "{keyword}"] is one typing error away from "{other_phrase}", which calls the keyword "{other}"; who mistypes gets the other one, so choose one that differs more, or set tie = true on both to leave it so.`,
		"fr": "« {phrase} »[ du mot-clé « {keyword} »] n'est qu'à une faute de frappe de « {other_phrase} », qui appelle le mot-clé « {other} » ; une faute donne l'autre : choisissez plus différent, ou cochez « Partage voulu » pour les deux pour laisser ainsi.",
		"de": "„{phrase}“[ des Stichworts „{keyword}“] ist nur einen Tippfehler von „{other_phrase}“ entfernt, das das Stichwort „{other}“ aufruft; wer sich vertippt, bekommt das andere: Wählen Sie etwas anderes, oder bei beiden „Absichtlich geteilt“, um es so zu lassen.",
	},
	CodeSameStem: {
		"en": `"{phrase}"[ of the keyword "{keyword}"] is "{other_phrase}" of the keyword "{other}" in another form; who writes a third form is asked which, so add a word to one of them, or set tie = true on both to leave it so.`,
		"fr": "« {phrase} »[ du mot-clé « {keyword} »] est une autre forme de « {other_phrase} », qui appelle le mot-clé « {other} » ; qui écrit une troisième forme devra choisir : ajoutez un mot à l'une, ou cochez « Partage voulu » pour les deux pour laisser ainsi.",
		"de": "„{phrase}“[ des Stichworts „{keyword}“] ist eine andere Form von „{other_phrase}“, das das Stichwort „{other}“ aufruft; wer eine dritte Form schreibt, wird gefragt: Ergänzen Sie bei einem ein Wort, oder wählen Sie bei beiden „Absichtlich geteilt“, um es so zu lassen.",
	},
	CodeVocabulary: {
		"en": `"{phrase}"[ of the keyword "{keyword}"] is also the name "{other_phrase}", which by itself would call the keyword "{other}"; change the phrase, or have readers write a phrase of "{other}" before the name.`,
		"fr": "« {phrase} »[ du mot-clé « {keyword} »] est aussi le nom « {other_phrase} », qui à lui seul appellerait le mot-clé « {other} » ; changez l'expression, ou faites écrire une expression de « {other} » devant le nom.",
		"de": "„{phrase}“[ des Stichworts „{keyword}“] ist auch der Name „{other_phrase}“, der allein das Stichwort „{other}“ aufriefe; ändern Sie das Wort, oder lassen Sie ein Wort von „{other}“ vor den Namen schreiben.",
	},
	keyNameTaken: {
		"en": `The name "{phrase}", which by itself would call the keyword[ "{keyword}"], is also "{other_phrase}", which calls the keyword "{other}"; change that phrase, or have readers write a phrase of this keyword before the name.`,
		"fr": "Le nom « {phrase} », qui à lui seul appellerait le mot-clé[ « {keyword} »], est aussi « {other_phrase} », qui appelle le mot-clé « {other} » ; changez cette expression, ou faites écrire une expression de ce mot-clé devant le nom.",
		"de": "Der Name „{phrase}“, der allein das Stichwort[ „{keyword}“] aufriefe, ist auch „{other_phrase}“, das das Stichwort „{other}“ aufruft; ändern Sie jenes Wort, oder lassen Sie ein Wort dieses Stichworts vor den Namen schreiben.",
	},
}
