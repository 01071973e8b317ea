package slack_test

import (
	"fmt"
	"strings"
	"testing"

	"keypull/web/messengers"
)

// Files go along as Slack's own, below the message that they came with; where the app may not bring
// them, their links do, and what may be tried again is tried whole.
func TestFilesStandInTheThread(t *testing.T) {
	const get, upload, post, share = "/files.getUploadURLExternal", "/upload", "/chat.postMessage", "/files.completeUploadExternal"
	for name, tc := range map[string]struct {
		script      map[string][]string
		thread      string
		paths, link string
		fails       bool
	}{
		"a new thread":      {paths: get + " " + upload + " " + post + " " + share},
		"one that stands":   {thread: "1.1", paths: get + " " + upload + " " + post + " " + share},
		"no right to do so": {script: map[string][]string{get: {`{"ok":false,"error":"missing_scope","needed":"files:write"}`}}, paths: get + " " + post, link: "0"},
		"an odd address":    {script: map[string][]string{get: {`{"ok":true,"upload_url":"https://attacker.example/x","file_id":"F1"}`}}, paths: get + " " + post, link: "0"},
		"it can't be shown": {script: map[string][]string{share: {`{"ok":false,"error":"not_in_channel"}`}}, paths: get + " " + upload + " " + post + " " + share + " " + post, link: "1"},
		"Slack is down":     {script: map[string][]string{get: {`{"ok":false,"error":"internal_error"}`}}, paths: get, fails: true},
	} {
		t.Run(name, func(t *testing.T) {
			api := newAPI(t, tc.script)
			if tc.script == nil || tc.script[get] == nil {
				api.script = map[string][]string{share: tc.script[share], get: {fmt.Sprintf(`{"ok":true,"upload_url":%q,"file_id":"F1"}`, api.URL+upload)}, upload: {"OK - 7"}}
			}
			s := sending("C7", messengers.Message{Text: "Reader: see there"})
			s.Why, s.Thread, s.Files = messengers.Staff, tc.thread, []messengers.Attachment{{Name: "wet<1>.png", Mime: "image/png", Link: "https://here.example/file/x", Body: []byte("a picture")}}
			if _, err := suite().Open(t, api.URL, nil).Send(t.Context(), s); (err != nil) != tc.fails {
				t.Fatal(err)
			}
			if got := strings.Join(api.paths, " "); got != tc.paths {
				t.Fatalf("it goes to %s, want %s", got, tc.paths)
			}
			posts, shared := []string{}, ""
			for i, path := range api.paths {
				switch path {
				case post:
					posts = append(posts, fmt.Sprint(api.bodies[i]["text"]))
				case share:
					shared = fmt.Sprint(api.bodies[i]["channel_id"], api.bodies[i]["thread_ts"], api.bodies[i]["files"])
				case upload:
					if api.auth[i] != "" {
						t.Errorf("the address is shown %q", api.auth[i])
					}
				}
			}
			want := map[bool]string{true: "C71.5", false: "C71.1"}[tc.thread == ""]
			if strings.Contains(tc.paths, share) && (!strings.HasPrefix(shared, want) || !strings.Contains(shared, "F1")) {
				t.Errorf("%s is shared", shared)
			}
			for i, text := range posts {
				if linked := strings.Contains(text, "https://here.example/file/x"); linked != (tc.link == fmt.Sprint(i)) || linked && !strings.Contains(text, "wet&lt;1&gt;.png") {
					t.Errorf("post %d is %q", i, text)
				}
			}
		})
	}
}
