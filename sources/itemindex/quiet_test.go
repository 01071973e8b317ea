package itemindex_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"keypull/pull/what"
)

// manyItems are what outlets have written in many languages: each article and each
// sentence of it an item.
func manyItems(t *testing.T) (all []what.Item) {
	t.Helper()
	files, err := filepath.Glob("../archive/testdata/*/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name) //nolint:gosec // a file of this repository
		if err != nil {
			t.Fatal(err)
		}
		language := strings.TrimRight(strings.TrimSuffix(filepath.Base(name), ".txt"), "0123456789")
		for line := range strings.Lines(string(data)) {
			line = strings.TrimSpace(line)
			if line == "" || strings.ContainsAny(line[:1], "+-#?") {
				continue
			}
			head, article := strings.CutPrefix(line, "@ ")
			for sentence := range strings.SplitSeq(strings.TrimSuffix(line, "."), ". ") {
				it := what.Item{ID: fmt.Sprint(len(all)), Language: language, Title: sentence, Summary: line}
				if article {
					it.Title, it.Summary = head[strings.LastIndex(head, "|")+1:], ""
				}
				all = append(all, it)
			}
		}
	}
	return all
}

// TestOrdinarySentencesStayQuietBesideManyItems holds the share of messages that want
// nothing, and are offered something all the same where an outlet has much to offer.
func TestOrdinarySentencesStayQuietBesideManyItems(t *testing.T) {
	items := manyItems(t)
	if len(items) < 2000 {
		t.Fatalf("%d items", len(items))
	}
	data, err := os.ReadFile("testdata/quiet.txt")
	if err != nil {
		t.Fatal(err)
	}
	own := map[string][]string{}
	for line := range strings.Lines(string(data)) {
		language, text, _ := strings.Cut(strings.TrimSpace(line), "\t")
		own[language] = append(own[language], text)
	}
	asked, offered := map[string]int{}, map[string]int{}
	for _, language := range []string{"en", "de", "fr", "es", "it", "nl", "pl", "pt", "sv", "tr", "fi", "cs"} {
		o := newOutlet(t)
		o.publisher.Languages = []string{language, "en"}
		o.add("articles", &list{items: slices.Clone(items)})
		o.publish()
		for set, texts := range map[string][]string{"own": own[language], "ours": quietOf(t, language)} {
			for i, text := range texts {
				name := set
				if set == "own" {
					kind := "words"
					if strings.Contains(text, " ") {
						kind = "sentences"
					}
					name = kind + []string{" read", " held back"}[i%2]
				}
				asked[name]++
				if r := o.ask(text); r.Trace.What.Tier == "inside" {
					offered[name]++
					if !strings.HasSuffix(name, "held back") {
						t.Logf("%s %s: %q: %s", language, name, text, strings.ReplaceAll(said(r.Reply), "\n", " "))
					}
				}
			}
		}
	}
	for _, set := range slices.Sorted(maps.Keys(asked)) {
		t.Logf("%s: %d of %d are offered something", set, offered[set], asked[set])
	}
	words, sentences := offered["words read"]+offered["words held back"], offered["sentences read"]+offered["sentences held back"]+offered["ours"]
	if all := asked["sentences read"] + asked["sentences held back"] + asked["ours"]; sentences*150 > all {
		t.Errorf("%d sentences of %d is more than one in 150", sentences, all)
	}
	// A word alone may name a thing or not, and the same word does either.
	if all := asked["words read"] + asked["words held back"]; words*8 > all {
		t.Errorf("%d words of %d is more than one in eight", words, all)
	}
}
