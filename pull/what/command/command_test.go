package command_test

import (
	"strings"
	"testing"

	"keypull/pull/what/command"
)

func TestLookupCommandKnowsCommandsInManyLanguages(t *testing.T) {
	tests := map[command.Command][]string{
		command.Stop: {
			"stop", "STOP!", "Stop.", "/stop", "stopall", "STOP ALL", "end", "Quit", "cancel", "unsubscribe", "revoke",
			"opt out", "opt-out", "OPTOUT", "please stop", "stop please", "stop it now", "STOP 🛑", "Stop Stop STOP",
			"stop sending me messages", "arrêt", "ARRET", "désabonner", "desabonner", "stopp", "abmelden", "kündigen", "kundigen",
			"baja", "cancelar", "ferma", "parar", "afmelden", "wypisz", "avsluta", "afmeld", "lopeta", "odhlásit", "leiratkozás",
			"dezabonare", "durdur", "σταμάτα", "стоп", "Отписаться", "відписатися", "إيقاف", "الغاء الاشتراك", "הסר", "बंद", "停止", "配信停止",
			"ストップ", "ｽﾄｯﾌﾟ", "수신거부", "退订", "หยุด", "ยกเลิก", "dừng", "berhenti", "stop svp", "停止。",
		},
		command.Start:  {"start", "/start", "subscribe", "opt in", "commencer", "anmelden", "empezar", "старт", "登録", "订阅", "اشتراك"},
		command.Help:   {"help", "help!", "?", "？", "aide", "Hilfe", "ayuda", "Hjälp", "hjalp", "помощь", "ヘルプ", "मदद", "ช่วยเหลือ", "help please"},
		command.Menu:   {"menu", "list", "Menü", "menú", "меню", "菜单", "メニュー", "menu 😀"},
		command.More:   {"more", "encore", "mehr", "más", "ещё", "еще", "もっと"},
		command.Save:   {"save", "speichern", "enregistrer", "保存"},
		command.My:     {"my", "my list", "ma liste", "meine liste"},
		command.MyData: {"mydata", "MY DATA", "mes données", "mes donnees", "meine Daten", "мои данные"},
		command.Forget: {"forget me", "delete my data please", "effacer mes données", "meine Daten löschen", "删除我的数据"},
		command.Lang:   {"lang", "language", "Sprache", "langue", "idioma", "язык", "言語"},
		command.Human:  {"human", "human please", "agent", "conseiller", "Mitarbeiter", "оператор", "人工"},
		command.Why:    {"why", "why?", "pourquoi ?", "warum", "почему"},
		command.Link:   {"link", "verknüpfen"},
		command.Unlink: {"unlink", "dissocier"},
	}
	for want, texts := range tests {
		for _, text := range texts {
			if got, ok := command.Lookup(text); !ok || got != want {
				t.Errorf("LookupCommand(%q) = %q, %v; want %q", text, got, ok, want)
			}
		}
	}
}

func TestLookupCommandLeavesOtherMessagesAlone(t *testing.T) {
	for _, text := range []string{
		"", " ", "s t o p", "don't stop", "non-stop", "bus stop", "this stop", "end it all", "stop the war", "the end",
		"Dung", "mer", "fin", "please", "🛑", "news", "stopwatch", "cancel culture", "thanks", strings.Repeat("stop ", 100_000),
	} {
		if got, ok := command.Lookup(text); ok {
			t.Errorf("LookupCommand(%.40q) = %q", text, got)
		}
	}
}

func TestClosesTellsTheWordsThatCloseFirst(t *testing.T) {
	for _, text := range []string{"cancel", "END", "Quit!", "cancel please", "annuler", "abbrechen", "отмена", "キャンセル"} {
		if !command.Closes(text) {
			t.Errorf("Closes(%q) = false", text)
		}
	}
	for _, text := range []string{"stop", "unsubscribe", "arrêt", "help", "news", "", strings.Repeat("end", 9999)} {
		if command.Closes(text) {
			t.Errorf("Closes(%.40q) = true", text)
		}
	}
}

func TestSplitCommandCutsTheCommandOff(t *testing.T) {
	tests := []struct {
		text string
		want command.Command
		rest string
	}{
		{"save news", command.Save, "news"},
		{"Subscribe  Daily News!", command.Save, "Daily News"},
		{"unsubscribe news", command.Stop, "news"},
		{"/lang de", command.Lang, "de"},
		{"my list tiramisu", command.My, "tiramisu"},
		{"LINK: 4711", command.Link, "4711"},
		{"stop", "", ""},
		{"my list", "", ""},
		{"please stop", "", ""},
		{"news today", "", ""},
		{"", "", ""},
	}
	for _, tt := range tests {
		got, rest, ok := command.Split(tt.text)
		if got != tt.want || rest != tt.rest || ok != (tt.want != "") {
			t.Errorf("SplitCommand(%q) = %q, %q, %v; want %q, %q", tt.text, got, rest, ok, tt.want, tt.rest)
		}
	}
}
