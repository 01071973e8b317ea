package command

// wording is how one language says that it wants no more messages. Phrases are
// separated by |, words by spaces.
type wording struct {
	// cores say it alone, needing only beside one of the objects.
	cores, needing string
	// leads stand before a core, tails behind it, objects on both sides.
	leads, tails, objects string
	// joined marks scripts whose words stand together, or may.
	joined bool
}

// stopWordings lists the wordings of Western Europe and of the Americas.
// Words that are common ones of another language (Finnish "seis", Turkish
// "dur", Danish "stands") are left out.
//
//nolint:misspell // words of many languages
var stopWordings = []wording{
	{ // English
		cores: "let me unsubscribe|let me out|don't want this|don't want this anymore|don't want these|do not want this|" +
			"lose my number|i want out|i quit|i want to quit|i do not consent|deactivate|deactivate me|end all|cancel all|cancel everything|stahp|erase my number|cut it out|knock it off|stop txt|stop txting|enough already|scrub me|block my number|" +
			"stop|stopp|stopall|stop all|unsubscribe|unsubscribe me|unsub|unsub me|unsubs|un subscribe|unsubcribe|unsuscribe|unsubscibe|unsubsribe|unsubscrib|" +
			"how do i unsubscribe|how can i unsubscribe|how to unsubscribe|how do i opt out|how do i stop these|how do i stop this|" +
			"revoke|revoke consent|revoke my consent|withdraw consent|withdraw my consent|opt out|optout|opt me out|opting out|unregister|deregister|sign me off|signoff|" +
			"remove me|remove my number|remove my phone number|delete my number|delete me from|remove from|take me off|take my number off|get me off|" +
			"leave me alone|leave us alone|go away|fuck off|piss off|cease|desist|not interested|no longer interested|" +
			"do not contact me|do not contact|do not text me|do not text|do not message me|do not message|do not write me|do not write to me|do not bother me|do not disturb me|" +
			"don't contact me|don't contact|don't text me|don't text|don't message me|don't message|don't write me|don't write to me|don't bother me|" +
			"never contact me|never text me|never message me|stop it|stop this|stop that",
		needing: "deactivate|don't want to receive|disable|pause my|" +
			"no more|no|do not send|do not send me|don't send|don't send me|do not want|don't want|no longer want|no longer wish|do not wish|never send|" +
			"cancel|end|quit|cease|discontinue|terminate|turn off|delete my|remove my|cancel my|end my|enough with",
		leads: "but let take i i'd i'm im am want wish would like need to can could you u will please pls plz kindly hi hello hey dear sir madam team just now yes ok okay " +
			"so sorry said told again already and really ya thanks reply text type yo lets must",
		tails: "txting sent being sending send me us to from these this those that your my our it all any more anymore further again now immediately please pls plz already the at once of off " +
			"for and number phone list lists mailing service services database right away asap ever everything receiving receive getting get you doing with please thanks u ya " +
			"stop i want anything via by on whatsapp telegram contact",
		objects: "txt txts txting smses texted message's dms dm messages message messaging msgs msg texts text texting sms spam spamming email emails mail mails notification notifications alerts alert updates " +
			"mailings subscription subscriptions newsletter newsletters contacting bothering harassing calling writing communications communication membership",
	},
	{ // French
		cores: "j'arrête|plus jamais|arretez ca|arrêtez ça|arrête ça|retirer mon numéro|annulation abonnement|annuler l'abonnement|me retirer de|me rayer de|désinscrivez|désinscris|ne plus recevoir|ne plus me contacter|ne plus m'écrire|ne plus me déranger|retirez-nous|supprimer de la liste|je me désinscrit|plus rien|désabonner moi|désinscrire moi|" +
			"stop|arrêt|arrêter|arrête|arrêtez|stopper|stoppez|stoppe|désabonner|désabonnement|désabonne|désabonnez|me désabonner|se désabonner|" +
			"désabonnez-moi|désabonne-moi|je me désabonne|désinscription|désinscrire|me désinscrire|se désinscrire|désinscrivez-moi|désinscris-moi|je me désinscris|" +
			"résilier|résiliation|retirez-moi|retire-moi|enlevez-moi|enlève-moi|rayez-moi|supprimez-moi|sortez-moi|supprimer mon numéro|supprimez mon numéro|supprime mon numéro|retirez mon numéro|" +
			"effacez mon numéro|ne m'écrivez plus|ne m'écris plus|ne me contactez plus|ne me contacte plus|ne me contactez pas|ne m'envoyez plus|ne m'envoie plus|ne m'envoyez plus rien|" +
			"plus rien recevoir|laissez-moi tranquille|laisse-moi tranquille|laissez-moi en paix|foutez-moi la paix|fichez-moi la paix|ne me dérangez plus|cessez|pas intéressé|pas intéressée|plus intéressé",
		needing: "plus de|plus d'|plus aucun|plus|aucun|pas de|annuler|annulez|annule|fin|cesser|cesse|supprimer|mettre fin",
		leads: "veuillez merci d' d' je veux voudrais souhaite souhaiterais aimerais désire demande j'aimerais j'en me m' de svp stp s'il vous plaît te plait merci bonjour salut pourriez pouvez " +
			"peux tu ne n' comment il faut la le mon ma prière",
		tails: "de d' les des vos tes ces ce cet cette la le l' tout toute tous toutes immédiatement maintenant moi me m' mon ma mes votre ton ta liste listes recevoir envoyer " +
			"envoyez m'envoyer m'écrire m'embêter svp stp merci à au numéro plus par aux du service ça s'il vous te plaît contacter déranger harceler écrire cela vous un une",
		objects: "messages message sms textos texto mails mail email emails courriels courriel notifications notification pub pubs publicité publicités abonnement inscription " +
			"alertes newsletter spam spams envois envoi l'abonnement l'inscription l'envoi",
	},
	{ // German
		cores: "hört bitte auf|hör bitte auf|hören sie bitte auf|ich will raus|schluss|schluss jetzt|lass das|lasst das|lassen sie das|nichts mehr|nicht mehr senden|nicht mehr schicken|bitte streichen|von der liste streichen|aus der liste streichen|löschen sie mich aus|lösche mich aus|löscht mich aus|aus dem verteiler|schreib mir nie wieder|benachrichtigungen aus|genug jetzt|es reicht|ich will nicht mehr|ich möchte nicht mehr|abmeldung bestätigen|rausnehmen|ich melde mich hiermit ab|entferne meine nummer|nummer entfernen|nicht stören|" +
			"stop|stopp|stoppen|stoppt|stoppe|stoppen sie|aufhören|hör auf|hört auf|hören sie auf|abmelden|abmeldung|abbestellen|abbestellung|austragen|austragung|kündigen|" +
			"abo beenden|abo kündigen|kündige|ich kündige|melde mich ab|melden sie mich ab|meldet mich ab|ich melde mich ab|trag mich aus|trage mich aus|tragen sie mich aus|tragt mich aus|" +
			"widerrufen|ich widerrufe|einwilligung widerrufen|lass mich in ruhe|lasst mich in ruhe|lassen sie mich in ruhe|lass mich in frieden|nicht mehr schreiben|nicht mehr kontaktieren|" +
			"nicht mehr anschreiben|schreib mir nicht mehr|schreiben sie mir nicht mehr|schreibt mir nicht mehr|kontaktieren sie mich nicht mehr|kontaktieren sie mich nicht|nichts mehr schicken|" +
			"nichts mehr senden|kein interesse|kein interesse mehr|kein bock mehr|löschen sie meine nummer|lösche meine nummer|lösch meine nummer|löscht meine nummer|meine nummer löschen|" +
			"entfernen sie mich|entferne mich|entfernt mich|nimm mich raus|nehmen sie mich|nehmt mich|streichen sie mich|streich mich|nerv nicht|nerv mich nicht|hau ab|verpiss dich",
		needing: "keine|kein|keinen|nicht mehr|nie wieder|beenden|beende|beendet|stornieren|einstellen|kündigung|löschen|schluss mit|genug",
		leads: "werden hört auf streichen ich möchte moechte will würde gern gerne mich bitte wollen wünsche kann könnte können könnten sie ihr du mir von bei hallo guten tag wie " +
			"senden sende sendet schicken schickt schick schicke schreibt schreib schreiben es uns doch endlich hiermit das alle mein meine meinen den die",
		tails: "bitte hört mich nichts mich mir uns bitte mehr sofort jetzt alle alles die das diese dieser diesen der dem den ihre ihrer ihren eure deine mein meine meiner liste verteiler vom von " +
			"aus zu an schicken senden zuschicken zusenden schreiben erhalten bekommen empfangen haben damit weitere weiteren dienst wollen möchte will nummer es auf ab raus " +
			"endlich danke mit werden nachricht",
		objects: "nachrichten nachricht sms mails mail email emails e-mails meldungen benachrichtigungen benachrichtigung werbung abo abonnement newsletter spam texte mitteilungen",
	},
	{ // Spanish
		cores: "quiero salir|salirme|quiero cancelar|quiero anular|den de baja|da de baja|anular|no me escriba|borrarme|bórrenme|bórrame|elimíneme|elimínenme|dejen de escribir|paren ya|ya no más|ya estuvo|no me interesan|sacarme de|desuscribirse|no quiero nada|no me mande nada|no manden nada|dejen en paz|" +
			"stop|baja|dar de baja|darme de baja|darse de baja|dame de baja|deme de baja|denme de baja|dadme de baja|me doy de baja|solicito la baja|parar|para ya|paren|pare|alto|basta|basta ya|" +
			"detener|detente|detengan|detenga|desuscribir|desuscribirme|desuscribirse|desuscríbeme|desuscríbanme|desuscripción|cancelar suscripción|anular suscripción|no más mensajes|" +
			"no molestar|no molesten|no me molesten|no me molestes|déjame en paz|déjenme en paz|dejadme en paz|déjeme en paz|no me escriban|no me escribas|no me contacten|no me contactes|no me contacte|" +
			"no me envíen nada|deja de escribirme|dejen de escribirme|quítame de|quítenme|quítenme de|quiten mi número|bórrame de|bórrenme de|borren mi número|borra mi número|elimíname de|elimínenme|" +
			"eliminen mi número|sáquenme|sáquenme de|sácame de|retírenme|no me interesa|no estoy interesado|no estoy interesada|darme de baja",
		needing: "cancele|cancelen|no mandes|no mande|desactivar|desactiva|parar|paren|pare|detengan|detener|no quiero que me|" +
			"no más|no quiero|no quiero más|no quiero recibir|ya no quiero|no deseo|no envíen|no envíe|no envíes|no me envíen|no me envíe|no me envíes|no me manden|no me mandes|no me mande|no manden|" +
			"no mandar|cancelar|cancela|cancelen|anular|dejar de|deja de|dejen de|dejad de|deje de|paren de|para de|parar de|sin|eliminar|suspender|terminar|basta de",
		leads: "quiero quisiera deseo me gustaría necesito solicito por favor hola buenos buenas días tardes favor ya yo puede pueden podrían podría puedes cómo ruego les le te",
		tails: "de del la los las el lo tus sus su vuestros más lista listas ya ahora mismo por favor este esta servicio me mi todo todos todas estos esos recibir número que a " +
			"enviar inmediatamente gracias nunca",
		objects: "mensajes mensaje sms textos texto correos correo notificaciones avisos alertas spam publicidad suscripción enviar enviarme enviándome mandar mandarme " +
			"mandándome escribirme molestar molestarme promociones whatsapps",
	},
	{ // Italian
		cores: "mi voglio disiscrivere|togliermi da|toglietemi da|togliermi|rimuovermi|non mi scrivete|non mi scrivere|non mi scrivete più|non mi contattate più|non mi disturbate|non mi interessa più|voglio uscire|voglio cancellarmi|finitela|piantala|piantatela|annullamento iscrizione|non voglio più nulla|non voglio più niente|la smettete|" +
			"stop|ferma|fermare|fermati|fermatevi|fermate|basta|basta così|disiscriviti|disiscrivimi|disiscrivetemi|disiscrivermi|disiscriversi|disiscrivi|disiscrizione|" +
			"disiscrivere|cancellami|cancellatemi|cancellarmi|cancellami da|rimuovimi|rimuovetemi|toglimi|toglietemi|mi disiscrivo|mi cancello|" +
			"cancella iscrizione|annulla iscrizione|disattivare|disdire|disdetta|smettila|smettetela|smetti|smettete|la smetta|non scrivermi più|non scrivetemi più|non scrivermi|non scrivetemi|" +
			"non contattatemi|non contattarmi|non mi contattate|lasciami in pace|lasciatemi in pace|mi lasci in pace|non disturbare|non disturbatemi|recedere|revoca consenso|revocare|" +
			"non sono interessato|non sono interessata|non mi interessa|cancellate il mio numero|cancella il mio numero|rimuovi il mio numero|togliete il mio numero",
		needing: "non inviare|non inviare più|non mandare|non mandare più|non mandatemi più|niente più|no|fermate|ferma|mai più|stop|" +
			"non voglio|non voglio più|non desidero|non inviatemi|non inviate|non mandatemi|non mandate|non mandarmi|non inviarmi|niente|nessun|basta con|smetti di|smettete di|smettila di|" +
			"annulla|annullare|cancella|cancellare|interrompere|interrompi|interrompete|disattiva",
		leads: "voglio vorrei desidero per favore piacere ciao buongiorno salve prego vi ti la può potete puoi si chiedo chiedere la come",
		tails: "i gli le la il lo l' di da dalla dal della dei delle lista liste numero mio mia miei vostra vostri vostre tuoi tutti tutto più subito ora adesso ricevere altri " +
			"questi questo questa per favore piacere grazie a me mi con servizio alla all'",
		objects: "messaggi messaggio sms iscrizione l'iscrizione abbonamento l'abbonamento notifiche notifica pubblicità spam email mail avvisi inviarmi mandarmi scrivermi " +
			"inviare mandare comunicazioni newsletter",
	},
	{ // Portuguese
		cores: "quero sair|excluir meu número|exclua meu número|tire meu número|tira meu número|retire meu número|apague meu número|não quero mais|não me perturbe|para com isso|parem com isso|não me escrevam|me exclua|me excluam|me bloqueie|sem interesse|não me chame|não me mandem nada|quero parar|desinscreve-me|desinscrevam-me|" +
			"stop|pare|parem|parar|pára|basta|descadastrar|descadastre|descadastro|me descadastre|me descadastrem|me descadastrar|descadastrem-me|descadastrar-me|" +
			"desinscrever|desinscreva-me|me desinscreva|me desinscrever|desinscrever-me|desinscrição|anular a subscrição|cancelar inscrição|cancelar subscrição|cancelar assinatura|" +
			"remova-me|me remova|me remove|me removam|removam-me|remover meu número|remova meu número|tirem-me|me tire da|me tira da|me tirem da|sair da lista|retirem-me|remover-me|" +
			"não me incomode|não me incomodem|não me mande mais|não me mandem mais|não me envie mais|não me enviem mais|não me escreva|não me escreva mais|não me escrevam mais|não me contacte|não me contactem|" +
			"não me contate|não entre em contato|deixe-me em paz|me deixe em paz|me deixa em paz|me deixem em paz|deixem-me em paz|dar baixa|não tenho interesse|não estou interessado|não estou interessada",
		needing: "nunca mais|pare|parem|parar|para|interromper|interrompa|não quero|não quero mais|não desejo|chega de|sem|não enviem|não envie|não me envie|não me enviem|não me mande|não me mandem|não mande|não mandem|pare de|parem de|para de|parar de|" +
			"pare com|parem com|deixar de|deixem de|cancelar|cancele|cancela|cancelem|anular|sem mais|nada de|remover",
		leads: "eu quero queria gostaria desejo preciso por favor olá oi bom dia boa tarde de me poderia podem pode como favor",
		tails: "de me mim a o os as mais minha meu sua suas seu seus dessa desta da do das dos lista número agora já por favor todas todos estas essas esta essa este esse " +
			"serviço tudo obrigado obrigada para imediatamente",
		objects: "mensagens mensagem sms textos torpedos notificações spam publicidade propaganda emails assinatura inscrição subscrição enviar enviar-me mandar receber avisos alertas cadastro mandarem enviarem",
	},
	{ // Dutch
		cores: "stuur niets meer|stuur me niets meer|niets meer|ik wil dit niet meer|ik hoef dit niet|ik hoef niets meer|mij niet meer|bel me niet meer|uit uw lijst|stop ermee|kap ermee|kap ermee aub|schrap me|schrap mij|wis mijn nummer|mijn nummer verwijderen|uitgeschreven worden|uitschrijven graag|afgemeld worden|" +
			"stop|stoppen|stop ermee|afmelden|afmelding|meld me af|meld mij af|ik meld me af|uitschrijven|uitschrijving|schrijf me uit|schrijf mij uit|opzeggen|opzegging|" +
			"verwijder me|verwijder mij|verwijder mijn nummer|haal me van|haal mij van|haal me eraf|laat me met rust|laat mij met rust|hou op|houd op|hou ermee op|ophouden|" +
			"niets meer sturen|niet meer sturen|niet meer contacteren|neem geen contact meer op|neem geen contact op|schrijf me niet meer|niet meer schrijven|niet storen|geen interesse|niet geïnteresseerd|uit de lijst",
		needing: "geen|niet meer|annuleer|annuleren|beëindig|beëindigen|zeg op|stopzetten",
		leads:   "ik wil graag zou willen wens me mij mijn alstublieft alsjeblieft aub hallo kan kunt kunnen u je jullie stuur stuurt hoi dag wilt gelieve",
		tails: "me mij meer met deze dit van de het alle alles nu direct onmiddellijk sturen te ontvangen krijgen willen jullie uw mijn lijst u graag aan alstublieft alsjeblieft " +
			"hiermee ermee door dank op naar",
		objects: "berichten bericht sms sms'jes smsjes smsen sms'en mails mail email emails meldingen notificaties reclame spam abonnement inschrijving appjes berichtjes nieuwsbrief",
	},
	{ // Catalan
		cores: "atura|aturar|atureu|para de|dona'm de baixa|donar de baixa|donar-me de baixa|donar-se de baixa|donar de baixa|baixa|prou|prou missatges|no més missatges|deixeu-me en pau|deixa'm en pau|no m'escriviu",
		leads: "vull voldria si us plau em hola", tails: "si us plau la llista de del meu ara", objects: "missatges sms",
		needing: "no vull|no més|prou",
	},
}
