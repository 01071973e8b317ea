package command_test

import (
	"testing"

	"keypull/pull/what/command"
	"keypull/pull/what/textform"
)

// said returns what the words of a message say.
func said(text string) command.Command {
	if command.TellsDanger(textform.Normal(text)) {
		return command.Danger
	}
	if c, _ := command.Said(textform.Normal(text), textform.Tokenise(text, nil), false); c != "" {
		return c
	}
	return ""
}

func TestACommandIsFoundAmongOtherWords(t *testing.T) {
	for text, want := range map[string]command.Command{
		"we have moved to Norway so no more texts to this number please": command.Stop,
		"it was fun while it lasted, but take us off your list":          command.Stop,
		"how do I unsubscribe, my phone is full":                         command.Stop,
		"das war nett, aber schickt mir jetzt bitte nichts mehr":         command.Stop,
		"ik ben verhuisd, haal mijn nummer dus maar van de lijst":        command.Stop,
		"я переехал, больше сюда ничего не присылайте":                   command.Stop,
		"引っ越しました。今後はメッセージを送らないでください":                                     command.Stop,
		"이사했어요. 이제 문자 보내지 마세요":                                           command.Stop,
		"mein Mann will, dass ihr alle meine Daten löscht":               command.Forget,
		"and what exactly do you know about me these days":               command.MyData,
		"genug getippt, kann ich mit einem echten Menschen sprechen":     command.Human,
		"lost the leaflet, which words can I send you again":             command.Menu,
		"my nan had a fall and she isn't breathing":                      command.Danger,
		"Hilfe, mein Kind hat Tabletten geschluckt":                      command.Danger,
		"nie chcę już żyć":                                               command.Danger,
		"死にたい":                                                           command.Danger,
		"habe mich vertippt, meldet mich wieder an":                      command.Start,
	} {
		if c := said(text); c != want {
			t.Errorf("%q is %q, want %s", text, c, want)
		}
	}
}

func TestWhatTurnsACommandRoundIsNone(t *testing.T) {
	for _, text := range []string{
		"please don't stop sending me these", "hört nicht auf mit den Nachrichten", "не переставайте присылать новости", "বন্ধ করবেন না",
		"stop it, you are killing me", "I could die laughing", "I don't want to live in London", "nie chcę już kawy", "больше не хочу супа", "je ne veux plus être seul", "the bus doesn't stop here any more", "no news is good news", "ich kann nicht mehr vor Lachen",
		"keine Nachrichten sind gute Nachrichten", "别停，多发点", "the sign says stop and nobody does",
		"get me off this bus", "j'en ai marre de la pluie", "lasst mich mit politik in ruhe", "delete everything from my phone", "which words did he use",
		"write to your mother more often", "she told the human resources people", "the menu was in German",
	} {
		if c := said(text); c != "" {
			t.Errorf("%q is %s", text, c)
		}
	}
}

func TestWhatDidNotComeIsAboutAPaidThing(t *testing.T) {
	for text, want := range map[string]bool{
		"my newspaper has not arrived since Tuesday": true, "Zeitung heute wieder nicht im Briefkasten": true, "le journal n'est pas arrivé ce matin": true,
		"el periódico no ha llegado": true, "tidningen kom inte i morse": true, "газету опять не принесли": true, "gazetem bu sabah gelmedi": true,
		"신문이 안 왔어요": true, "报纸今天没送": true, "अखबार नहीं आया": true, "الجريدة ما وصلتني": true,
		"my brother didn't come": false, "heute kam nichts im Radio": false, "the paper of today": false, "il n'est pas arrivé": false, "no llegó el tren": false,
	} {
		if got := command.ReadPaid(textform.Normal(text)).Lacks(); got != want {
			t.Errorf("%q: %t", text, got)
		}
	}
}
