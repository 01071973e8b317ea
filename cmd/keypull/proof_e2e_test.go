package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// codeIn finds the code in what a reader is told.
var codeIn = regexp.MustCompile(`[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]`)

// proofAt asks for a page of proofs, as a program or as a browser does.
func proofAt(t *testing.T, s *service, method, path, accept, body string) (status int, text string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept", accept)
	if body != "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close() //nolint:errcheck // read below
	b, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(b)
}

type provenJSON struct {
	Publisher, Code, Item, Keyword, Told, Sent, Fetched, Text string
	Withdrawn, Corrected                                      bool
	Corrections                                               []string
}

func provenAt(t *testing.T, s *service, path string) (p provenJSON) {
	t.Helper()
	status, body := proofAt(t, s, http.MethodGet, path, "application/json", "")
	if status != http.StatusOK {
		t.Fatalf("%s: %d %s", path, status, body)
	}
	if err := json.Unmarshal([]byte(body), &p); err != nil {
		t.Fatal(err)
	}
	return p
}

// A reader gets the code of an answer; anybody else checks it by message, on a page and
// as JSON, through a restart; a correction and a withdrawal are told with it.
func TestAnAnswerIsProvedByItsCode(t *testing.T) {
	s, admin := correctedHouse(t, sawSoon)
	told := s.says(sawSoon, "PROOF")
	code := codeIn.FindString(told)
	if code == "" || !strings.Contains(told, "/proof/lecker/"+code) {
		t.Fatalf("PROOF is answered by %q", told)
	}
	s.restart()
	path := "/proof/lecker/" + code
	for _, message := range []string{"CHECK " + code, strings.ToLower(code), "is " + code + " real?"} {
		if got := s.says(sawNone, message); !strings.Contains(got, "Open from 9 to 17.") {
			t.Errorf("%q is answered by %q", message, got)
		}
	}
	p := provenAt(t, s, path)
	if p.Publisher != "lecker" || p.Code != code || p.Keyword != "hours" || p.Sent == "" || p.Fetched == "" || p.Withdrawn || p.Corrected || !strings.Contains(p.Told, "Open from 9") {
		t.Errorf("it proves %+v", p)
	}
	if status, page := proofAt(t, s, http.MethodGet, path, "text/html", ""); status != http.StatusOK || !strings.Contains(page, "Open from 9 to 17.") || strings.Contains(page, sawSoon) {
		t.Errorf("the page is %d %s", status, page)
	}
	wrong := code[:len(code)-1] + map[bool]string{true: "2", false: "3"}[code[len(code)-1] == '3']
	refused := s.says(sawNone, "check "+wrong)
	if strings.Contains(refused, "Open from") || refused == "" {
		t.Errorf("a wrong code is answered by %q", refused)
	}
	if status, _ := proofAt(t, s, http.MethodGet, "/proof/lecker/"+wrong, "application/json", ""); status != http.StatusNotFound {
		t.Errorf("a wrong code has status %d", status)
	}

	text := p.Text
	admin.want(http.StatusOK, http.MethodPost, "/publishers/lecker/items/correct", object{"text": "Open from 9 to 17.", "say": correctionSaid})
	if p := provenAt(t, s, path); !p.Corrected || fmt.Sprint(p.Corrections) != "["+correctionSaid+"]" {
		t.Errorf("corrected, it proves %+v", p)
	}
	quoted := "Look:\n> " + strings.ReplaceAll(text, "\n", "\n> ")
	if status, page := proofAt(t, s, http.MethodPost, "/proof/lecker", "text/html", url.Values{"said": {quoted}}.Encode()); status != http.StatusOK || !strings.Contains(page, "Open from 9") || !strings.Contains(page, correctionSaid) {
		t.Errorf("its text proves %d %s", status, page)
	}
	if got := s.says(sawLate, quoted); !strings.Contains(got, "Open from 9") {
		t.Errorf("its text is answered by %q", got)
	}
	forged := strings.Replace(text, text[len(text)-1:], "2", 1)
	if status, _ := proofAt(t, s, http.MethodPost, "/proof/lecker", "application/json", url.Values{"said": {forged + "22"}}.Encode()); status != http.StatusNotFound {
		t.Errorf("a forged text has status %d", status)
	}
	if status, keys := proofAt(t, s, http.MethodGet, "/.well-known/keypull-keys.json", "*/*", ""); status != http.StatusOK || !strings.Contains(keys, `"Ed25519"`) || !strings.Contains(keys, `"lecker"`) {
		t.Errorf("the keys are %d %s", status, keys)
	}

	admin.want(http.StatusOK, http.MethodPost, "/publishers/lecker/items/withdraw", object{"text": "Open from 9 to 17."})
	if p := provenAt(t, s, path); !p.Withdrawn || p.Told != "" || p.Text != "" {
		t.Errorf("withdrawn, it proves %+v", p)
	}
	for range 20 {
		if status, _ := proofAt(t, s, http.MethodGet, "/proof/lecker/"+wrong, "application/json", ""); status == http.StatusTooManyRequests {
			return
		}
	}
	t.Error("codes may be tried without end")
}

// What readers have not asked for yet is no proof, and words beside a code steal no
// keyword.
func TestWhatIsNoAnswerHasNoProof(t *testing.T) {
	s, _ := correctedHouse(t)
	if got := s.says(sawNone, "proof"); codeIn.MatchString(got) || got == "" {
		t.Errorf("without an answer PROOF is answered by %q", got)
	}
	if got := s.says(sawNone, "check hours"); !strings.Contains(got, "Open from 9") && !strings.Contains(got, "hours") {
		t.Errorf("check hours is answered by %q", got)
	}
}

// After a key was renewed, texts of before are verified by the old one, and codes are
// the same.
func TestARenewedKeyLeavesOldProofsValid(t *testing.T) {
	s, admin := correctedHouse(t, sawSoon)
	code := codeIn.FindString(s.says(sawSoon, "PROOF"))
	path := "/proof/lecker/" + code
	old := provenAt(t, s, path).Text
	if got := admin.want(http.StatusOK, http.MethodPost, "/publishers/lecker/proof-key", nil).entries("keys"); len(got) != 2 {
		t.Errorf("the keys are %v", got)
	}
	s.restart()
	if got := admin.want(http.StatusOK, http.MethodGet, "/publishers/lecker/proofs/"+strings.ToLower(code), nil).text("told"); !strings.Contains(got, "Open from 9") {
		t.Errorf("the API proves %q", got)
	}
	for name, text := range map[string]string{"old": old, "new": provenAt(t, s, path).Text} {
		if status, page := proofAt(t, s, http.MethodPost, "/proof/lecker", "application/json", url.Values{"said": {text}}.Encode()); status != http.StatusOK || name == "new" && text == old {
			t.Errorf("the %s text proves %d %s", name, status, page)
		}
	}
}
