package api_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"keypull/pull"
	"keypull/pull/people"
	"keypull/pull/words"
	"keypull/web/console"
	"keypull/web/console/api"
)

const notesPath = "/api/v1/publishers/lecker/notes"

func problemOf(t *testing.T, body []byte) api.Problem {
	t.Helper()
	var p api.Problem
	if err := json.Unmarshal(body, &p); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	return p
}

// strictCase is a request and what becomes of it.
type strictCase struct {
	name, method, target, body string
	headers                    []string
	want                       int
	field                      string
}

func strictCases() []strictCase {
	const good = `{"source":{"kind":"feed"}}`
	deep := `{"source":` + strings.Repeat(`{"a":`, 100) + "1" + strings.Repeat("}", 101)
	return []strictCase{
		{"a good list", "GET", notesPath + "?limit=1&state=open&wide=true&q=x", "", nil, 200, ""},
		{"a good body", "POST", notesPath, good, nil, 201, ""},
		{"a charset", "POST", notesPath, good, []string{"Content-Type", "application/json; charset=UTF-8"}, 201, ""},
		{"an unknown parameter", "GET", notesPath + "?limt=1", "", nil, 422, "limt"},
		{"a parameter twice", "GET", notesPath + "?limit=1&limit=2", "", nil, 422, "limit"},
		{"a text for a number", "GET", notesPath + "?limit=many", "", nil, 422, "limit"},
		{"a fraction", "GET", notesPath + "?limit=1.5", "", nil, 422, "limit"},
		{"a number with zeros before it", "GET", notesPath + "?limit=007", "", nil, 422, "limit"},
		{"a number that is too small", "GET", notesPath + "?limit=0", "", nil, 422, "limit"},
		{"a number that is too large", "GET", notesPath + "?limit=201", "", nil, 422, "limit"},
		{"a number beyond all bounds", "GET", notesPath + "?limit=99999999999999999999999", "", nil, 422, "limit"},
		{"no choice", "GET", notesPath + "?state=shut", "", nil, 422, "state"},
		{"no truth", "GET", notesPath + "?wide=yes", "", nil, 422, "wide"},
		{"a query that is none", "GET", notesPath + "?q=%zz", "", nil, 400, ""},
		{"a query of bytes", "GET", notesPath + "?q=%ff", "", nil, 400, "q"},
		{"a zero byte in the query", "GET", notesPath + "?q=a%00", "", nil, 400, "q"},
		{"a zero byte in the path", "GET", notesPath + "/a%00", "", nil, 400, "note"},
		{"bytes in the path", "GET", notesPath + "/%ff", "", nil, 400, "note"},
		{"a step up that is encoded", "GET", notesPath + "/%2e%2e", "", nil, 404, ""},
		{"a slash that is encoded", "GET", notesPath + "/a%2Fb", "", nil, 404, ""},
		{"two slashes", "GET", notesPath + "//a", "", nil, 404, ""},
		{"a slash at the end", "GET", notesPath + "/", "", nil, 404, ""},
		{"an address that is not there", "GET", "/api/v1/nothing", "", nil, 404, ""},
		{"an operation without a path", "POST", "/api/v1/hidden.run", "", nil, 404, ""},
		{"another method", "PATCH", notesPath, "", nil, 405, ""},
		{"a publisher that is not there", "GET", "/api/v1/publishers/other/notes", "", []string{"Authorization", "Bearer editor"}, 404, ""},
		{"what only a person can do", "GET", "/api/v1/me", "", nil, 403, ""},
		{"what only an editor can do", "POST", notesPath, good, []string{"Authorization", "Bearer viewer"}, 403, ""},
		{"a body where there is none", "POST", "/api/v1/tokens", `{"note":{}}`, nil, 400, ""},
		{"an empty object where there is no body", "POST", "/api/v1/tokens", ` {} `, nil, 200, ""},
		{"a body with GET", "GET", notesPath, `{"note":{}}`, nil, 400, ""},
		{"no body", "POST", notesPath, "", nil, 400, ""},
		{"another type", "POST", notesPath, good, []string{"Content-Type", "text/plain"}, 415, ""},
		{"another charset", "POST", notesPath, good, []string{"Content-Type", "application/json; charset=latin1"}, 415, ""},
		{"no type", "POST", notesPath, good, []string{"Content-Type", ""}, 415, ""},
		{"a compressed body", "POST", notesPath, good, []string{"Content-Encoding", "gzip"}, 415, ""},
		{"half of the JSON", "POST", notesPath, good[:9], nil, 400, ""},
		{"two values", "POST", notesPath, good + good, nil, 400, ""},
		{"a name twice", "POST", notesPath, `{"source":{},"source":{}}`, nil, 400, ""},
		{"bytes that are no text", "POST", notesPath, "{\"source\":{\"kind\":\"\xff\"}}", nil, 400, ""},
		{"JSON that is too deep", "POST", notesPath, deep, nil, 400, ""},
		{"a body that is too large", "POST", notesPath, `{"source":{"kind":"` + strings.Repeat("x", 4<<20) + `"}}`, nil, 413, ""},
		{"a list", "POST", notesPath, `[]`, nil, 422, ""},
		{"nothing", "POST", notesPath, `null`, nil, 422, ""},
		{"an unknown field", "POST", notesPath, `{"source":{},"sauce":1}`, nil, 422, "sauce"},
		{"a field in other letters", "POST", notesPath, `{"Source":{}}`, nil, 422, "source"},
		{"a field that is missing", "POST", notesPath, `{"count":1}`, nil, 422, "source"},
		{"a field that is null", "POST", notesPath, `{"source":null}`, nil, 422, "source"},
		{"a field of another type", "POST", notesPath, `{"source":[]}`, nil, 422, "source"},
		{"a zero byte in a document", "POST", notesPath, `{"source":{"kind":"a\u0000"}}`, nil, 422, "source.kind"},
		{"a number too large in the body", "POST", notesPath, `{"source":{},"count":11}`, nil, 422, "count"},
		{"too many entries", "POST", notesPath, `{"source":{},"names":["a","b","c","d"]}`, nil, 422, "names"},
		{"a number among texts", "POST", notesPath, `{"source":{},"names":["a",1]}`, nil, 422, "names[1]"},
		{"a field within", "POST", notesPath, `{"source":{},"nested":[{"text":"a"},{"text":"b","small":128}]}`, nil, 422, "nested[1].small"},
		{"an unknown field within", "POST", notesPath, `{"source":{},"nested":[{"txt":"a"}]}`, nil, 422, "nested[0].text"},
		{"no moment", "POST", notesPath, `{"source":{},"at":"yesterday"}`, nil, 422, "at"},
		{"what the operation refuses", "POST", notesPath, `{"source":{"kind":"x"}}`, nil, 422, "source.kind"},
		{"no version", "PUT", notesPath + "/a", good, nil, 428, ""},
		{"an Idempotency-Key that is too long", "POST", notesPath, good, []string{"Idempotency-Key", strings.Repeat("k", 65)}, 400, "Idempotency-Key"},
		{"an Idempotency-Key with blanks", "POST", notesPath, good, []string{"Idempotency-Key", "a b"}, 400, "Idempotency-Key"},
	}
}

func TestARequestIsReadStrictly(t *testing.T) {
	for _, tt := range strictCases() {
		t.Run(tt.name, func(t *testing.T) {
			w := ask(newAPI(t, newBoard()), tt.method, tt.target, tt.body, tt.headers...)
			if w.Code != tt.want {
				t.Fatalf("status %d, want %d: %s", w.Code, tt.want, w.Body)
			}
			if w.Header().Get("Cache-Control") != "no-store" || w.Header().Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("headers %v", w.Header())
			}
			if tt.want < 400 {
				return
			}
			p := problemOf(t, w.Body.Bytes())
			if p.Status != tt.want || p.Title == "" || !strings.HasPrefix(p.Type, "/problems/") || w.Header().Get("Content-Type") != "application/problem+json" {
				t.Errorf("%s as %s", w.Body, w.Header().Get("Content-Type"))
			}
			if tt.field != "" && (len(p.Errors) == 0 || p.Errors[0].Field != tt.field || p.Errors[0].Message == "") {
				t.Errorf("errors %+v, want one of %s", p.Errors, tt.field)
			}
		})
	}
}

func TestEveryProblemIsToldAtOnceWithItsPlace(t *testing.T) {
	w := ask(newAPI(t, newBoard()), "POST", notesPath, `{"source":{},"count":"x","nested":[{"text":""},{"text":"b","small":1.5}],"more":1}`)
	got := map[string]string{}
	for _, e := range problemOf(t, w.Body.Bytes()).Errors {
		got[e.Field] = e.Pointer
		if e.Key == "" {
			t.Errorf("%+v has no key", e)
		}
	}
	want := map[string]string{"count": "/count", "nested[0].text": "/nested/0/text", "nested[1].small": "/nested/1/small", "more": ""}
	if len(got) != len(want) {
		t.Errorf("got %v", got)
	}
	for field, pointer := range want {
		if got[field] != pointer {
			t.Errorf("%s leads to %q, want %q", field, got[field], pointer)
		}
	}
}

func TestNobodyGetsInWithoutAToken(t *testing.T) {
	h := newAPI(t, newBoard())
	for _, tt := range []struct {
		name, authorization string
		want                int
		challenge           string
	}{
		{"none", "", 401, `Bearer realm="keypull"`},
		{"an unknown one", "Bearer nobody", 401, `Bearer realm="keypull", error="invalid_token"`},
		{"another scheme", "Basic YTpi", 401, `Bearer realm="keypull", error="invalid_request"`},
		{"an empty one", "Bearer ", 401, `Bearer realm="keypull", error="invalid_request"`},
		{"two in one", "Bearer admin admin", 401, `Bearer realm="keypull", error="invalid_request"`},
		{"a long one", "Bearer " + strings.Repeat("a", 9000), 401, `Bearer realm="keypull", error="invalid_request"`},
		{"small letters", "bearer admin", 200, ""},
		{"too many guesses", "Bearer guess", 429, ""},
		{"a store that fails", "Bearer broken", 500, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := ask(h, "GET", notesPath, "", "Authorization", tt.authorization)
			if w.Code != tt.want || w.Header().Get("WWW-Authenticate") != tt.challenge {
				t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
			}
			if strings.Contains(w.Body.String(), "/secret") {
				t.Errorf("the cause is told: %s", w.Body)
			}
			if tt.want == 429 && w.Header().Get("Retry-After") != "30" {
				t.Errorf("Retry-After %q", w.Header().Get("Retry-After"))
			}
		})
	}
	for _, target := range []string{notesPath, notesPath + "/a", "/api/v1/tokens", "/api/v1/me"} {
		if w := ask(h, "GET", target, "", "Authorization", "", "Cookie", "session=admin"); w.Code != 401 && w.Code != 405 {
			t.Errorf("%s answers %d to nobody", target, w.Code)
		}
	}
}

func TestAKindOfErrorHasItsStatus(t *testing.T) {
	for _, tt := range []struct {
		name   string
		err    error
		want   int
		after  string
		detail string
	}{
		{"invalid", &pull.Error{Kind: pull.Invalid, Hint: words.Verbatim("not so")}, 422, "", "not so"},
		{"unknown", &pull.Error{Kind: pull.Unknown, Hint: words.Verbatim("not there")}, 404, "", "not there"},
		{"denied", &pull.Error{Kind: pull.Denied, Hint: words.Verbatim("not you")}, 403, "", "not you"},
		{"limited", &pull.Error{Kind: pull.Limited, Hint: words.Verbatim("slowly"), RetryAt: moment()}, 429, "1", "slowly"},
		{"conflict", &pull.Error{Kind: pull.Conflict, Hint: words.Verbatim("in use")}, 409, "", "in use"},
		{"unavailable", &pull.Error{Kind: pull.Unavailable, Hint: words.Verbatim("not now")}, 503, "1", "not now"},
		{"refusals of people", people.Refusals{{Field: "email", Message: "Write one."}}, 422, "", "Write one."},
		{"anything else", errors.New("disk /secret"), 500, "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			fails := declare("note.fail", http.MethodPost, "/fail", console.Read, func(context.Context, struct{}) (console.None, error) {
				return console.None{}, tt.err
			})
			w := ask(newAPI(t, newBoard(), fails), "POST", "/api/v1/fail", "")
			p := problemOf(t, w.Body.Bytes())
			if w.Code != tt.want || w.Header().Get("Retry-After") != tt.after {
				t.Errorf("%d %v", w.Code, w.Header())
			}
			if tt.detail != "" && p.Detail != tt.detail || strings.Contains(w.Body.String(), "/secret") {
				t.Errorf("%s", w.Body)
			}
			if tt.want == 500 && p.Instance == "" {
				t.Error("the failure has no name to look for in the log")
			}
		})
	}
}

func TestAnAnswerHasEmptyListsAndNoNull(t *testing.T) {
	w := ask(newAPI(t, newBoard()), "GET", notesPath+"/a", "")
	for _, want := range []string{`"names":[]`, `"words":{}`, `"parent":null`, `"secret":"••••"`} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s lacks %s", w.Body, want)
		}
	}
	b := newBoard()
	b.notes = map[string]entry{}
	if w := ask(newAPI(t, b), "GET", notesPath, ""); w.Body.String() != "{\"notes\":[]}\n" {
		t.Errorf("%s", w.Body)
	}
}

func TestAListLeadsToItsNextPage(t *testing.T) {
	h := newAPI(t, newBoard())
	w := ask(h, "GET", notesPath+"?limit=1&q=x", "")
	const want = `<https://news.example/api/v1/publishers/lecker/notes?cursor=a&limit=1&q=x>; rel="next"`
	if got := w.Header().Get("Link"); got != want {
		t.Errorf("Link %s, want %s", got, want)
	}
	if w := ask(h, "GET", notesPath+"?limit=1&cursor=a", ""); w.Header().Get("Link") != "" {
		t.Errorf("the last page leads on: %v", w.Header())
	}
}

func TestHeadIsGetWithoutABody(t *testing.T) {
	h := newAPI(t, newBoard())
	get, head := ask(h, "GET", notesPath+"/a", ""), ask(h, "HEAD", notesPath+"/a", "")
	if head.Code != 200 || head.Body.Len() > 0 || head.Header().Get("ETag") != `"7"` ||
		head.Header().Get("Content-Length") != get.Header().Get("Content-Length") {
		t.Errorf("%d %v %q", head.Code, head.Header(), head.Body)
	}
	if allow := ask(h, "PATCH", notesPath+"/a", "").Header().Get("Allow"); allow != "DELETE, GET, HEAD, PUT" {
		t.Errorf("Allow %q", allow)
	}
}

func TestAMistakeInADeclarationIsFoundAtTheStart(t *testing.T) {
	type odd struct {
		Tree map[string]string `json:"tree" query:"tree"`
	}
	type call struct {
		F func() `json:"f"`
	}
	type elsewhere struct {
		ID string `json:"id" path:"id"`
	}
	type unknown struct {
		D console.Doc `json:"d" schema:"none"`
	}
	for _, tt := range []struct {
		want string
		op   console.Bound
	}{
		{"{id}", declare("a.get", "GET", "/a/{id}", console.Read, func(context.Context, struct{}) (made, error) { return made{}, nil })},
		{"{id}", declare("a.get", "GET", "/a", console.Read, func(context.Context, elsewhere) (made, error) { return made{}, nil })},
		{"tree", declare("a.get", "GET", "/a", console.Read, func(context.Context, odd) (made, error) { return made{}, nil })},
		{"PATCH", declare("a.get", "PATCH", "/a", console.Read, func(context.Context, struct{}) (made, error) { return made{}, nil })},
		{"func()", declare("a.get", "GET", "/a", console.Read, func(context.Context, struct{}) (call, error) { return call{}, nil })},
		{"none", declare("a.put", "PUT", "/a", console.Read, func(context.Context, unknown) (made, error) { return made{}, nil })},
		{"both", declare("a.get", "GET", "/me", console.Read, func(context.Context, struct{}) (made, error) { return made{}, nil })},
	} {
		_, err := api.New(api.Options{Console: console.New(console.Options{}, append(newBoard().operations()[6:7:7], tt.op)...)})
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("got %v, want an error with %q", err, tt.want)
		}
	}
}
