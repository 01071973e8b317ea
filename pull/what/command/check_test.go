package command_test

import (
	"strings"
	"testing"

	"keypull/pull/proof"
	"keypull/pull/what/command"
)

// What is said beside a code asks to check it, in many languages; alone it is no
// command, and beside anything else it takes nobody's keyword.
func TestWordsBesideACodeAskToCheckIt(t *testing.T) {
	const code = "7F3K9-2XQ8M-"
	signs := ""
	for _, last := range "0123456789ABCDEFGHJKMNPQRSTVWXYZ" {
		if c, _ := proof.Read(code + string(last)); c != "" {
			signs = c.String()
		}
	}
	for language, messages := range map[string][]string{
		"en": {"is the code # genuine?", "please verify #", "did you really send #?"},
		"de": {"PRÜFEN #", "ist # echt", "stimmt der Code #?", "kam # von euch"},
		"fr": {"vérifiez #", "est-ce que # est vrai ?", "# c'est authentique ?"},
		"es": {"¿es verdad #?", "comprueba #", "verificar código #"},
		"it": {"è vero #?", "controlla il codice #"},
		"pt": {"# é verdadeiro?", "confira #"},
		"nl": {"klopt code #", "is # echt?"},
		"pl": {"sprawdź kod #", "czy # jest prawdziwe"},
		"ru": {"проверьте #", "это правда #?"},
		"tr": {"# doğru mu?", "doğrula #"},
		"id": {"periksa #", "apakah # asli"},
		"ar": {"تحقق من #", "هل # صحيح"},
		"hi": {"# असली है क्या", "जाँच करें #"},
		"ja": {"#は本物ですか", "#を確認してください"},
		"zh": {"#是真的吗", "请核实 #"},
		"th": {"ตรวจสอบ #", "#จริงไหม"},
		"ko": {"#진짜예요", "확인 #"},
		"sv": {"stämmer #", "är # äkta"},
	} {
		for _, m := range messages {
			found, rest, _ := proof.Find(strings.ReplaceAll(m, "#", signs))
			if of, asks := command.AsksToCheck(rest); !asks || found.String() != signs || of != "" && of != language {
				t.Errorf("%s: %q asks to check %q: %v, in %q, with %q", language, m, found, asks, of, rest)
			}
			alone := strings.TrimSpace(strings.ReplaceAll(m, "#", ""))
			if c, ok := command.Lookup(alone); ok {
				t.Errorf("%s: %q is %q", language, alone, c)
			}
		}
	}
	for _, rest := range []string{"", "the weather", "check the weather", "news", "stop", "recipe for"} {
		if _, asks := command.AsksToCheck(rest); asks {
			t.Errorf("%q asks to check a code", rest)
		}
	}
}

func TestReadersAskForProofInManyLanguages(t *testing.T) {
	for language, messages := range map[string][]string{
		"en": {"PROOF", "prove it", "Can you prove that?", "give me proof of this answer", "what's the code of that answer?"},
		"de": {"Beweis", "Kannst du das beweisen?", "Code der Antwort bitte", "gib mir einen Nachweis"},
		"fr": {"preuve", "prouvez-le", "le code de cette réponse svp"},
		"es": {"código de la respuesta", "demuéstralo", "dame una prueba de esa respuesta"},
		"it": {"dimostralo", "puoi provarlo?", "codice della risposta"},
		"pt": {"código da resposta", "pode provar isso?"},
		"nl": {"bewijs", "kun je dat bewijzen"},
		"pl": {"udowodnij", "kod odpowiedzi"},
		"ru": {"докажи", "код ответа", "можешь доказать?"},
		"tr": {"kanıt", "cevabın kodu"},
		"id": {"bukti", "kode jawaban ini"},
		"ar": {"إثبات", "رمز الإجابة"},
		"hi": {"सबूत", "इस जवाब का कोड"},
		"ja": {"証明", "この回答のコード"},
		"zh": {"证明", "请证明"},
		"th": {"หลักฐาน", "ขอหลักฐาน"},
	} {
		for _, m := range messages {
			if c, ok := command.Lookup(m); !ok || c != command.Proof {
				t.Errorf("%s: %q is %q", language, m, c)
			}
		}
	}
	for _, m := range []string{"waterproof jackets", "bulletproof", "prova", "prueba", "roof", "proof of the pudding recipe"} {
		if c, ok := command.Lookup(m); ok {
			t.Errorf("%q is %q", m, c)
		}
	}
}
