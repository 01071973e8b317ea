package table_test

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/net/html/charset"

	"keypull/sources/sourcetest"
	"keypull/sources/table"
)

func TestAFileInAnotherEncodingIsReadAndSaid(t *testing.T) {
	for name, c := range map[string]struct{ language, title string }{
		"windows-1250": {"cs", "Žluťoučký kůň úpěl"}, "windows-1251": {"ru", "Мост через реку закрыт"}, "shift_jis": {"ja", "橋は金曜日まで通行止め"},
		"gb18030": {"zh", "大桥将关闭到星期五"}, "euc-kr": {"ko", "다리는 금요일까지 폐쇄됩니다"}, "koi8-r": {"ru", "Рынок открывается в субботу"}, "iso-8859-2": {"pl", "Źródło wody zamknięte"},
	} {
		e, _ := charset.Lookup(name)
		body, err := e.NewEncoder().Bytes([]byte("name;price;stock\n" + c.title + ";12.50;3\n"))
		if err != nil {
			t.Fatal(err)
		}
		folder := t.TempDir()
		if err := os.WriteFile(filepath.Join(folder, "shop.csv"), body, 0o600); err != nil {
			t.Fatal(err)
		}
		for _, set := range []map[string]any{{"file": "shop.csv"}, {"file": "shop.csv", "encoding": name}} {
			env := sourcetest.Env(t, folder)
			env.Languages = []string{c.language}
			s, err := sourcetest.Open(t, table.Kind, env, set).Fetch(t.Context(), "table", nil)
			if err != nil || len(s.Items) != 1 || s.Items[0].Title != c.title {
				t.Errorf("%s, %v: %v, %v", name, set, s.Items, err)
				continue
			}
			if guessed := set["encoding"] == nil; guessed != (len(s.Warnings) == 1) || guessed && s.Warnings[0].Key != "source.encoding_guessed" {
				t.Errorf("%s, %v: the editor is told %v", name, set, s.Warnings)
			}
		}
	}
}
