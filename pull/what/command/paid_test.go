package command_test

import (
	"os"
	"strings"
	"testing"

	"keypull/pull/what/command"
	"keypull/pull/what/speech"
	"keypull/pull/what/textform"
)

// written reads what readers wrote, by the halves of a file: languages and messages.
func written(t *testing.T, file string) map[string][][2]string {
	t.Helper()
	text, err := os.ReadFile("testdata/" + file) //nolint:gosec // a file of this package
	if err != nil {
		t.Fatal(err)
	}
	half, all := "", map[string][][2]string{}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		switch language, message, ok := strings.Cut(line, "\t"); {
		case strings.HasPrefix(line, "["):
			half = strings.Trim(line, "[]")
		case ok:
			all[half] = append(all[half], [2]string{language, message})
		}
	}
	return all
}

func TestAWishAboutWhatIsPaidForIsNoOptOut(t *testing.T) {
	count, languages := 0, map[string]bool{}
	for half, lines := range written(t, "wishes.txt") {
		found := 0
		for _, l := range lines {
			count++
			languages[l[0]] = true
			normal := textform.Normal(l[1])
			if c, ok := command.Lookup(l[1]); ok {
				t.Errorf("%s: %q is the command %s", l[0], l[1], c)
			}
			if c, ok := command.Misspelt(normal); ok && c == command.Stop {
				t.Errorf("%s: %q is STOP misspelt", l[0], l[1])
			}
			if command.ReadPaid(normal).Ends() {
				found++
			} else {
				t.Logf("%s: %q is about nothing paid", l[0], l[1])
			}
		}
		if t.Logf("%s: %d of %d are known for what they are", half, found, len(lines)); found*100 < len(lines)*95 {
			t.Errorf("%s: %d of %d are known for what they are", half, found, len(lines))
		}
	}
	if count < 250 || len(languages) < 20 {
		t.Errorf("%d wishes in %d languages", count, len(languages))
	}
}

func TestWordingsOfStopStop(t *testing.T) {
	count, languages := 0, map[string]bool{}
	for half, lines := range written(t, "stops.txt") {
		found := 0
		for _, l := range lines {
			count++
			languages[l[0]] = true
			if c, ok := command.Lookup(l[1]); ok && c == command.Stop {
				found++
			} else {
				t.Logf("%s: %q is %q", l[0], l[1], c)
			}
		}
		if t.Logf("%s: %d of %d", half, found, len(lines)); found*100 < len(lines)*98 {
			t.Errorf("%s: %d of %d", half, found, len(lines))
		}
	}
	if count < 120 || len(languages) < 20 {
		t.Errorf("%d wordings in %d languages", count, len(languages))
	}
}

// endings of what is paid for were taken for STOP before they were told apart.
const endings = "üyeliği sonlandır|ألغِ اشتراكي|deactivate my subscription|beëindig abonnement|取消我的订阅|annulla abbonamento|" +
	"avsluta prenumerationen tack|peruuta tilaukseni|avslutte abonnementet|Abo abbestellen|" +
	"ich möchte das Abo kündigen|אני רוצה לבטל את המנוי|rezygnuję z subskrypcji|annulation abonnement|" +
	"cancele mi suscripción|abonnement opzeggen|anulează abonamentul|скасувати підписку|batalkan langganan|" +
	"annuler mon abonnement|fin de l'abonnement|peruuta tilaus|haluan peruuttaa tilauksen|aboneliğimi iptal et|" +
	"בטל מנוי|אני רוצה להסיר את המנוי|Abo beenden|Abo kündigen|mein Abo kündigen|отменить подписку|" +
	"anuluj subskrypcję|avsluta prenumeration|säg upp prenumerationen|ακύρωση συνδρομής|" +
	"quiero cancelar mi suscripción|cancelar suscripcion|cancelar assinatura|quero cancelar minha assinatura|" +
	"anular a subscrição|opsig abonnement|الغي اشتراكي|cancel my subscription|cancel subscription|end subscription"

func TestTheEndOfASubscriptionIsNoOptOut(t *testing.T) {
	for text := range strings.SplitSeq(endings, "|") {
		if c, ok := command.Lookup(text); ok || !command.ReadPaid(textform.Normal(text)).Ends() {
			t.Errorf("%q is the command %q", text, c)
		}
	}
}

func TestStopWithAPaidThingBehindItIsStopAndSaysSo(t *testing.T) {
	for _, text := range []string{"STOP abo", "stop my paper", "Stop subscription", "stopp zeitung", "СТОП подписка", "stop delivery now", "arrêt journal"} {
		normal := textform.Normal(text)
		if c, ok := command.Lookup(text); !ok || c != command.Stop || !command.StopsNaming(normal) {
			t.Errorf("%q is %q", text, c)
		}
	}
	for _, text := range []string{"stop", "stop now please", "stop all messages", "bus stop", "stop-loss order", "stop my delivery while I am away", "please stop my paper", "please stop delivery"} {
		if command.StopsNaming(textform.Normal(text)) {
			t.Errorf("%q names a paid thing behind STOP", text)
		}
	}
}

func TestStopWithWhateverLittleStandsBehindItIsStop(t *testing.T) {
	for _, text := range []string{
		"STOP 2", "stop 72345", "STOP Zyxwave", "Stopp Qwertzblatt", "СТОП 1234", "alto 55 55", "stop the war", "stop smoking", "Stop bitte jetzt", "stop lying please", "STOP THE HERALD",
	} {
		if !command.StopsNamed(textform.Normal(text)) {
			t.Errorf("%q is not taken for STOP", text)
		}
	}
	for _, text := range []string{"stop", "stop please", "stop motion film", "bus stop 72345", "stop 1 2 3", "stop loss order", "72345", "arrêt de bus", "alto el fuego", "stop the war in europe", "arrêt cardiaque"} {
		if command.StopsNamed(textform.Normal(text)) {
			t.Errorf("%q is taken for STOP", text)
		}
	}
}

func TestAUsualOptOutThatEndsASubscriptionIsStopAlone(t *testing.T) {
	for _, text := range []string{"取消订阅", "请取消订阅", "取消訂閱", "구독 취소", "구독 취소해 주세요", "إلغاء الاشتراك", "購読を解除", "abonelikten çık", "Abonelikten çıkmak istiyorum", "لغو اشتراک"} {
		if c, ok := command.Lookup(text); !ok || c != command.Stop {
			t.Errorf("%q is %q", text, c)
		}
	}
	for _, text := range []string{"取消订阅报纸", "怎么取消订阅", "신문 구독 취소", "إلغاء الاشتراك في الجريدة", "新聞の購読を解除", "gazete aboneliğinden çık"} {
		if c, ok := command.Lookup(text); ok || !command.ReadPaid(textform.Normal(text)).Ends() {
			t.Errorf("%q is %q", text, c)
		}
	}
}

func TestNeverMindQuestionsAndAbuseAreNoOptOut(t *testing.T) {
	for want, texts := range map[command.Command]string{
		command.Drop: "never mind|forget it|Laisse tomber|deixa pra lá|boş ver|basta così|vergiss es|glöm det|забудь|olvídalo|laat maar|算了|なんでもないです|" +
			"신경 쓰지 마세요|ช่างมัน|lupakan saja|रहने दो|not interested|ok never mind thanks|kein Interesse",
		command.Bot: "Are you a bot?|are you human|Bist du ein Bot?|es-tu un robot|¿eres un robot?|sei un bot|você é um robô|ben je een robot|czy jesteś botem|" +
			"bot musun|ты бот|你是机器人吗|ロボットですか|봇인가요|هل أنت روبوت|kya tum bot ho|คุณเป็นบอทหรือเปล่า",
		command.Menu:  "was bietet ihr genau an|cosa offrite esattamente",
		command.Human: "alguien de la redacción por favor|jemanden von der Zeitung bitte",
		command.Abuse: "fuck off|Verpiss dich!|ta gueule|vete a la mierda|vaffanculo|allez vous faire voir|leckt mich|идите нафиг|siktir git|иди нахуй|滚|死ね|꺼져",
	} {
		for text := range strings.SplitSeq(texts, "|") {
			if c, ok := command.Lookup(text); !ok || c != want {
				if c, ok = command.Worded(textform.Normal(text), speech.Any); !ok || c != want {
					t.Errorf("%q is %q, want %q", text, c, want)
				}
			}
		}
	}
}
