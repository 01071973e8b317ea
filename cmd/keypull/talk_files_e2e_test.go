package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"keypull/pull/talk"
)

// fileOfReader posts a file in a session of the web chat.
func (s *service) fileOfReader(session, id, name, body string) posted {
	s.t.Helper()
	return request(s.t, http.MethodPost, s.URL+"/chat/lecker/web/files?"+url.Values{"id": {id}, "name": {name}, "language": {"fr"}}.Encode(), body,
		map[string]string{"Authorization": "Bearer " + session, "Content-Type": "application/octet-stream"})
}

// A reader of the web chat sends a picture, somebody in the console sends one back: by the page and by
// the API, through restarts; what is not passed on is told at once.
func TestFilesGoBetweenTheWebChatAndTheConsole(t *testing.T) {
	d := openPersonDesk(t, chatBlock())
	editor, session := d.program("lecker", "editor"), d.chat(`{"text":"hours"}`).Session
	key := string(d.readerKey("lecker", "web", session))
	at := "/publishers/lecker/conversations/" + strings.TrimPrefix(key, "lecker.")
	editor.want(http.StatusOK, http.MethodPost, at+"/take", nil)
	editor.want(http.StatusOK, http.MethodPost, at+"/replies", object{"text": "Show me."})
	stream := bufio.NewReader(openStream(t, d.URL, session, ""))
	last, data := nextEvent(t, stream)
	if !strings.Contains(data, "Show me.") {
		t.Fatal(data)
	}
	d.log.keepOut("a wet paper on it")
	large := pixels + strings.Repeat("x", talk.MaxFile-len(pixels))
	for _, c := range []struct {
		name, body string
		status     int
		says       string
	}{
		{"wet.png", pixels, 202, ""}, {"wet.png", pixels, 202, ""}, {"largest.png", large, 202, ""}, {"larger.png", large + "x", 413, "10 Mo"},
		{"page.png", "<html><script>", 415, "ce fichier n’en est pas un"},
	} {
		if got := d.fileOfReader(session, c.name, c.name, c.body); got.status != c.status || !strings.Contains(got.body, c.says) {
			t.Errorf("%s: %d %s", c.name, got.status, got.body)
		}
	}
	if got, err := tryRequest(http.MethodPost, d.URL+"/chat/lecker/web/files", large, map[string]string{"Authorization": "Bearer " + strings.Repeat("a", len(session))}); err == nil && got.status != http.StatusRequestEntityTooLarge {
		t.Errorf("a stranger's file: %d %s", got.status, got.body)
	}
	d.settled()
	d.restart()
	var links []string
	eventually(t, "two files are there", func() bool {
		var shown struct {
			Lines []struct{ Files []struct{ Name, URL string } }
		}
		if err := json.Unmarshal([]byte(editor.want(http.StatusOK, http.MethodGet, at, nil).body), &shown); err != nil {
			t.Fatal(err)
		}
		links = links[:0]
		for _, l := range shown.Lines {
			for _, f := range l.Files {
				if _, path, there := strings.Cut(f.URL, "/file/"); there {
					links = append(links, d.URL+"/file/"+path)
				}
			}
		}
		return len(links) == 2
	})
	if got := request(t, http.MethodGet, links[0], "", nil); got.body != pixels {
		t.Errorf("%d %q", got.status, got.body)
	}
	// From the console to the reader, who has seen the first words.
	stream = bufio.NewReader(openStream(t, d.URL, session, last))
	upload := func(name, body string) object {
		return object{"name": name, "data": base64.StdEncoding.EncodeToString([]byte(body))}
	}
	for _, c := range []object{
		{"files": []object{upload("page.png", "<html>")}}, {"files": []object{{"name": "x.png", "data": "no base 64!"}}}, {"text": ""}, {},
		{"text": "Six.", "files": []object{upload("1.png", pixels), upload("2.png", pixels), upload("3.png", pixels), upload("4.png", pixels), upload("5.png", pixels), upload("6.png", pixels)}},
		{"files": []object{upload("large.png", large+"x")}},
	} {
		if got := editor.send(http.MethodPost, at+"/replies", c); got.status < 400 || got.status >= 500 {
			t.Errorf("%.80v: %d %s", c, got.status, got.body)
		}
	}
	for range 2 {
		editor.want(http.StatusOK, http.MethodPost, at+"/replies", object{"files": []object{upload("map.html", pixels)}, "key": "once"})
	}
	linked := func() string {
		t.Helper()
		_, data := nextEvent(t, stream)
		_, link, _ := strings.Cut(data, `/file/lecker/`)
		link, _, _ = strings.Cut(link, `"`)
		return d.URL + "/file/lecker/" + link
	}
	if link := linked(); !strings.HasSuffix(link, "/map.png") || request(t, http.MethodGet, link, "", nil).body != pixels {
		t.Error(link)
	}
	d.replyByPage(t, at[len("/publishers/lecker"):], "By the page.", "plan.png", pixels)
	if link := linked(); !strings.HasSuffix(link, "/plan.png") || request(t, http.MethodGet, link, "", nil).body != pixels {
		t.Error(link)
	}
}

// replyByPage answers by the form of the console, with a file.
func (d *personDesk) replyByPage(t *testing.T, at, text, name, body string) {
	t.Helper()
	cookie := d.firstAdmin()
	page := request(t, http.MethodGet, d.URL+"/console/p/lecker"+at, "", map[string]string{"Cookie": cookie})
	_, rest, _ := strings.Cut(page.body, `name="_csrf" value="`)
	token, _, _ := strings.Cut(rest, `"`)
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	for field, value := range map[string]string{"_csrf": token, "key": "by the page", "text": text} {
		_ = w.WriteField(field, value)
	}
	part, err := w.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write([]byte(body))
	}
	if err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	got := request(t, http.MethodPost, d.URL+"/console/p/lecker"+at+"/reply", form.String(), map[string]string{"Cookie": cookie, "Content-Type": w.FormDataContentType(), "Origin": d.URL, "Sec-Fetch-Site": "same-origin"})
	if got.status != http.StatusSeeOther {
		t.Fatal(fmt.Sprint(got.status, got.body[max(0, strings.Index(got.body, "<main")):]))
	}
}
