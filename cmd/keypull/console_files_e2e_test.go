package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestAnEditorReadsNoFilesOfTheMachine: what a source of the configuration file
// may read is the operator's own choice; an editor has no such choice.
func TestAnEditorReadsNoFilesOfTheMachine(t *testing.T) {
	s := serveConsole(t)
	s.admin().outlet("lecker")
	editor := s.program("lecker", "owner")
	const secret = "TOPSECRET"
	base := filepath.Dir(s.path)
	for name, text := range map[string]string{
		"symbols.csv": "symbol,name\n" + secret + ",Of the operator\n", "page.json": `{"@type":"Recipe","name":"` + secret + `"}`,
	} {
		if err := os.WriteFile(filepath.Join(base, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	quote := func(file string) object {
		return object{"id": "share", "kind": "quote", "settings": object{"url": "http://127.0.0.1:9/{symbol}", "price": "last", "symbols_file": file}}
	}
	recipes := func(folder string) object {
		return object{"id": "recipes", "kind": "recipe", "settings": object{"folder": folder}}
	}
	for _, doc := range []object{
		quote("symbols.csv"), quote(filepath.Join(base, "symbols.csv")), quote("/etc/passwd"), quote("../../../../etc/passwd"), quote("keypull.key"),
		quote("config.toml"), recipes("."), recipes(base), recipes("/"), recipes("sources/.."),
	} {
		field := "symbols_file"
		if doc["kind"] == "recipe" {
			field = "folder"
		}
		tried := editor.want(http.StatusOK, http.MethodPost, "/publishers/lecker/try/source", object{"source": doc})
		if tried.text("field") != "source.settings."+field || !strings.Contains(tried.text("error"), "configuration file") || tried.object["all_terms"] != nil {
			t.Errorf("%v was tried with %s", doc["settings"], tried.body)
		}
		made := editor.send(http.MethodPost, "/publishers/lecker/sources", object{"source": doc})
		if made.status != http.StatusUnprocessableEntity || made.faults()["source.settings."+field] == "" {
			t.Errorf("%v was saved with %d %s", doc["settings"], made.status, made.body)
		}
		editor.want(http.StatusCreated, http.MethodPost, "/publishers/lecker/sources", object{"source": doc, "untried": true})
		id := textOf(doc, "id")
		list := editor.get("/publishers/lecker/sources").body
		if strings.Contains(tried.body+made.body+list, secret) || strings.Contains(tried.body+made.body+list, "root:") {
			t.Errorf("%v told what a file holds: %s %s", doc["settings"], tried.body, list)
		}
		editor.want(http.StatusNoContent, http.MethodDelete, "/publishers/lecker/sources/"+id, nil, "If-Match", "*")
	}
}

func TestATemplateReadsNoFiles(t *testing.T) {
	s := serveConsole(t)
	c := s.admin()
	c.outlet("lecker")
	c.add("lecker", "source", textDoc("hours", "Open from 9 to 17."))
	for _, template := range []string{`{% include "config.toml" %}`, `{% include "/etc/passwd" %}`, `{% render "config.toml" %}`, `{% layout "/etc/passwd" %}`} {
		got := c.send(http.MethodPost, "/publishers/lecker/preview/keyword", object{"keyword": wordDoc("hours", "hours", object{"template": template})})
		if got.status != http.StatusUnprocessableEntity || strings.Contains(got.body, "root:") || strings.Contains(got.body, "key_file") {
			t.Errorf("%s was answered %d %s", template, got.status, got.body)
		}
	}
}
