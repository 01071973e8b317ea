package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/mail"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// pixels is what a picture begins with.
const pixels = "\x89PNG\r\n\x1a\n and a wet paper on it"

// attachedTo returns the files of a letter, by their names.
func attachedTo(t *testing.T, raw string) map[string]string {
	t.Helper()
	m, err := mail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	kind, of, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/mixed" {
		return nil
	}
	files := map[string]string{}
	parts := multipart.NewReader(m.Body, of["boundary"])
	for {
		part, err := parts.NextPart()
		if err != nil {
			return files
		}
		if part.FileName() == "" {
			continue
		}
		body, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, part))
		if err != nil {
			t.Fatal(err)
		}
		files[part.FileName()+" "+part.Header.Get("Content-Type")] = string(body)
	}
}

// A picture of a reader stands in the letter to people, a paper of theirs reaches the reader, both
// through restarts; they are sealed meanwhile, and FORGET ME takes them away.
func TestFilesGoThroughABridgeBothWays(t *testing.T) {
	d, mails := openMailBridge(t)
	d.api.files = map[string]string{"AgAC-photo": pixels, "BQAC-page": "<html><script>alert(1)</script></html>"}
	editor, chat := d.program("lecker", "editor"), newChat()
	d.log.keepOut(mailSecret, "a wet paper on it")
	d.reply(d.api, chat, "hours")
	editor.want(http.StatusOK, http.MethodPost, d.at(chat)+"/take", nil)
	picture := func(caption, more string) {
		t.Helper()
		update := strings.Replace(messageUpdate(newUpdate(), chat, ""), `"text":""`, fmt.Sprintf(`"caption":%q,%s`, caption, more), 1)
		if status := deliver(t, d.URL, update); status != http.StatusOK {
			t.Fatalf("the webhook answered %d", status)
		}
	}
	letters := func(n int) []string {
		t.Helper()
		eventually(t, fmt.Sprintf("%d letters", n), func() bool { all, _ := mails.all(t); return len(all) >= n })
		mails.mu.Lock()
		defer mails.mu.Unlock()
		return append([]string(nil), mails.letters...)
	}
	d.api.answer(func(call botCall, w http.ResponseWriter) bool {
		if call.Method == "getFile" {
			botRefusal(w, http.StatusInternalServerError, "Internal Server Error", "")
		}
		return call.Method == "getFile"
	})
	picture("my paper is wet", `"photo":[{"file_id":"AgAC-small","file_size":9},{"file_id":"AgAC-photo","file_size":30}]`)
	d.settled()
	d.restart() // the platform has troubles, and so have we
	d.api.answer(nil)
	d.clock.advance(30 * time.Second)
	first := letters(1)[0]
	if got := attachedTo(t, first); got["image.png image/png"] != pixels {
		t.Fatalf("%q: %s", got, first)
	}
	picture("see there", `"document":{"file_id":"BQAC-page","file_name":"page.html","mime_type":"image/png"}`)
	letters(2)
	_, texts := mails.all(t)
	if !strings.Contains(strings.ReplaceAll(texts[1], "\r\n", " "), "files of this kind are not passed on") {
		t.Errorf("%s", texts[1])
	}
	shown := editor.want(http.StatusOK, http.MethodGet, d.at(chat), nil).body
	if !strings.Contains(shown, `"name":"image.png"`) || !strings.Contains(shown, `"reason":"files of this kind are not passed on."`) {
		t.Errorf("%s", shown)
	}
	all, _ := mails.all(t)
	token := tokenInSubject.FindStringSubmatch(all[0].Header.Get("Subject"))
	before := len(d.api.sent(chat))
	raw := "Authentication-Results: mx.lecker.example; dmarc=pass header.from=outlet.example\r\nFrom: ann@outlet.example\r\nTo: news@lecker.example\r\nSubject: Re: [" + token[1] + "]\r\n" +
		"Message-ID: <map@outlet.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nThe map:\r\n" +
		"--b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=map.png\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.StdEncoding.EncodeToString([]byte(pixels)) + "\r\n--b--\r\n"
	if got := request(t, http.MethodPost, d.URL+"/hook/lecker/email", raw, map[string]string{"Authorization": "Bearer " + mailSecret, "Content-Type": "message/rfc822"}); got.status != http.StatusOK {
		t.Fatalf("%+v", got)
	}
	if got := d.replies(d.api, chat, before+1)[before]; !strings.HasPrefix(got, "The map:") {
		t.Errorf("%q", got)
	}
	calls := d.api.tries(chat)
	_, link, _ := strings.Cut(calls[len(calls)-1].Body, `"photo":"`)
	link, _, _ = strings.Cut(link, `"`)
	at := d.URL + link[max(strings.Index(link, "/file/"), 0):]
	if got := request(t, http.MethodGet, at, "", nil); got.status != http.StatusOK || got.body != pixels {
		t.Fatalf("%s: %d", at, got.status)
	}
	d.restart()
	at = d.URL + link[max(strings.Index(link, "/file/"), 0):]
	if got := request(t, http.MethodGet, at, "", nil); got.status != http.StatusOK || !bytes.Equal([]byte(got.body), []byte(pixels)) {
		t.Errorf("after a restart: %d", got.status)
	}
	editor.want(http.StatusOK, http.MethodPost, d.at(chat)+"/release", nil)
	d.reply(d.api, chat, "FORGET ME")
	d.reply(d.api, chat, "yes")
	eventually(t, "the file is gone", func() bool { return request(t, http.MethodGet, at, "", nil).status == http.StatusNotFound })
	d.stop()
	wantNowhere(t, filepath.Dir(d.path), "a wet paper on it")
}
