package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"keypull/cmd/keypull/cli"
	"keypull/pull/words"
)

// formatOf reads which format a store is of, and with set makes it of that.
func formatOf(t *testing.T, store string, set byte) (format byte) {
	t.Helper()
	file, err := bbolt.Open(store, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = file.Update(func(tx *bbolt.Tx) error {
		meta := tx.Bucket([]byte("meta"))
		format = meta.Get([]byte("format"))[0]
		if set == 0 {
			return nil
		}
		return meta.Put([]byte("format"), []byte{set})
	})
	if err := errors.Join(err, file.Close()); err != nil {
		t.Fatal(err)
	}
	return format
}

// copiesOf returns the copies that were made of a store before it was taken over.
func copiesOf(t *testing.T, store string) []string {
	t.Helper()
	all, err := filepath.Glob(store + ".before-*")
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestAnUpgradeSaysBeforeItBeginsThatThereIsNoWayBack with where the copy lies, in the language of
// whoever runs the command; and going back by that copy finds all of it.
func TestAnUpgradeSaysBeforeItBeginsThatThereIsNoWayBack(t *testing.T) {
	said := map[string]string{"en": "no way back", "de": "kein Weg zurück", "fr": "pas de retour possible", "es": "No hay vuelta atrás"}
	h := openCopiedHouse(t)
	h.reply(h.api, stayingReader, "my city "+stayingMark+"aaa")
	h.stop()
	store, own := h.file("keypull.db"), formatOf(t, h.file("keypull.db"), 0)
	for _, language := range words.Editors() {
		t.Run(language, func(t *testing.T) {
			t.Setenv("LC_ALL", language)
			formatOf(t, store, own-1)
			code, _, stderr := h.run("check")
			kept := copiesOf(t, store)
			if code != cli.Done || len(kept) != 1 || strings.Count(stderr, kept[0]) != 1 || !strings.Contains(stderr, said[language]) {
				t.Fatalf("check ended with %d, kept %q and said %q", code, kept, stderr)
			}
			if is, was := formatOf(t, store, 0), formatOf(t, kept[0], 0); is != own || was != own-1 {
				t.Errorf("the store is of format %d, and its copy of %d", is, was)
			}
			if code, _, stderr := h.run("check"); code != cli.Done || stderr != "" {
				t.Errorf("once more it ended with %d and said %q", code, stderr)
			}
			if err := os.Rename(kept[0], store); err != nil { // back
				t.Fatal(err)
			}
		})
	}
	formatOf(t, store, own+1)
	if code, stdout, _ := h.run("check"); code == cli.Done || !strings.Contains(stdout, store+".before-TIME") {
		t.Errorf("of a later version it ended with %d and printed %q", code, stdout)
	}
	formatOf(t, store, own-1)
	h.start()
	if got := h.reply(h.api, stayingReader, "mydata"); !strings.Contains(got, stayingMark) {
		t.Errorf("after it was taken over the reader is told %q", got)
	}
}
