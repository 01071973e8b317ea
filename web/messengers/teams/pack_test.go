package teams_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"image/png"
	"io"
	"strings"
	"testing"
	"unicode/utf16"

	"keypull/pull"
	"keypull/web/messengers"
)

func TestTheAppPackageHasWhatCanBeAsked(t *testing.T) {
	m := suite(t).Open(t, "http://127.0.0.1:9", nil)
	face := messengers.Profile{
		Name: "Lecker & Co", Languages: []string{"en", "fr", "de"}, Greeting: map[string]string{"en": strings.Repeat("Recipes. ", 600), "fr": "Des recettes"},
		Command: map[string]string{"en": "MENU", "fr": "MENU"},
		Words:   map[string][]messengers.Word{"en": {{Label: "Weather", Send: "k:weather"}, {Label: strings.Repeat("long ", 20), Send: "k:long"}}, "fr": {{Label: "Météo"}, {Label: "Long"}}},
	}
	files, err := m.(messengers.Packer).Pack(face)
	if err != nil || len(files) != 1 {
		t.Fatalf("got %d files, %v", len(files), err)
	}
	again, _ := m.(messengers.Packer).Pack(face)
	if !bytes.Equal(files[0].Body, again[0].Body) {
		t.Error("the same face makes another package")
	}
	inside := unzip(t, files[0].Body)
	var got struct {
		ID          string
		Name        struct{ Short, Full string }
		Description struct{ Short, Full string }
		Bots        []struct {
			BotID        string
			CommandLists []struct {
				Commands []struct{ Title, Description string }
			}
		}
		LocalizationInfo struct {
			DefaultLanguageTag  string
			AdditionalLanguages []struct{ LanguageTag, File string }
		}
	}
	if err := json.Unmarshal(inside["manifest.json"], &got); err != nil {
		t.Fatal(err)
	}
	commands := got.Bots[0].CommandLists[0].Commands
	if got.ID != appID || got.Bots[0].BotID != appID || len(commands) != 3 || commands[0].Title != "Weather" || commands[2].Title != "MENU" || len([]rune(commands[1].Title)) > 32 {
		t.Errorf("got %+v", got)
	}
	if len([]rune(got.Name.Short)) > 30 || len([]rune(got.Description.Short)) > 80 || len([]rune(got.Description.Full)) > 4000 {
		t.Errorf("a text is too long: %+v", got)
	}
	if more := got.LocalizationInfo.AdditionalLanguages; len(more) != 1 || more[0].LanguageTag != "fr" || !bytes.Contains(inside["fr.json"], []byte("Météo")) {
		t.Errorf("got %+v, %s", got.LocalizationInfo, inside["fr.json"])
	}
	for name, size := range map[string]int{"color.png": 192, "outline.png": 32} {
		if img, err := png.Decode(bytes.NewReader(inside[name])); err != nil || img.Bounds().Dx() != size || img.Bounds().Dy() != size {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func unzip(t *testing.T, raw []byte) map[string][]byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if all[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

func TestALinkOpensTheBotWithItsWords(t *testing.T) {
	m := suite(t).Open(t, "http://127.0.0.1:9", nil).(messengers.Linker)
	if got, want := m.Link("gâteau & co"), "https://teams.microsoft.com/l/chat/0/0?users=28%3A"+appID+"&message=g%C3%A2teau%20%26%20co"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestNothingThatIsWrittenIsMarkup(t *testing.T) {
	m := suite(t).Open(t, "http://127.0.0.1:9", nil).Limits().Markup
	for text, want := range map[string]string{
		"1. Beat *two* eggs\n2. Serve": `1\. Beat \*two\* eggs` + "  \n" + `2\. Serve`,
		"- a\n---\n\n# b | c":          `\- a` + "  \n" + `\---` + "\n\n" + `\# b \| c`,
		"<b>R&D</b> [x](y) `z` ~1~":    "&lt;b&gt;R&amp;D&lt;/b&gt; \\[x\\]\\(y\\) \\`z\\` \\~1\\~",
		`C:\temp_x`:                    `C:\\temp\_x`,
	} {
		if got := m.Text(text); got != want {
			t.Errorf("%q is written %q, want %q", text, got, want)
		}
	}
}

func TestNoMessageIsTooLarge(t *testing.T) {
	m := lone(t, nil)
	for _, sign := range []string{"&", "<", "*", "ä", "日", "🍰", `"`, "a "} {
		var many []pull.Button
		for i := range 10 {
			many = append(many, pull.Button{Label: strings.Repeat(sign, 300), Send: fmt.Sprintf("o:%d:tok", i)})
		}
		for _, buttons := range [][]pull.Button{many, many[:6]} {
			r := pull.Reply{Blocks: []pull.Block{{Kind: pull.Paragraph, Text: strings.Repeat(sign, 30_000)}}, Buttons: buttons}
			for _, one := range messengers.Shape(r, m.Limits()) {
				raw, err := m.(messengers.Presenter).Wire(messengers.Sending{Message: one, Address: "a:personal"})
				if err != nil {
					t.Fatal(err)
				}
				var sent struct {
					Text        string
					Attachments []struct{ Content json.RawMessage }
				}
				if err := json.Unmarshal(raw, &sent); err != nil {
					t.Fatal(err)
				}
				if n := len(utf16.Encode([]rune(sent.Text))); n > 28_000 {
					t.Errorf("%q: a text of %d units", sign, n)
				}
				for _, a := range sent.Attachments {
					if len(a.Content) > 25<<10 {
						t.Errorf("%q: a card of %d bytes", sign, len(a.Content))
					}
				}
			}
		}
	}
}
