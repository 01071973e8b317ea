package api_test

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"

	"keypull/web/console/api/apitest"
)

// planted names the fault that a run of this test as a process of its own has
// to find.
const planted = "KEYPULL_PLANTED_FAULT"

func TestTheAPIKeepsToItsDescription(t *testing.T) {
	h := faulty(newAPI(t, newBoard()), os.Getenv(planted))
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	apitest.Walk(t, apitest.Options{
		URL: server.URL, Token: "admin", Client: server.Client(),
		Values: map[string][]string{
			"publisher": {"lecker"}, "note": {"a", "b", "n1", "n2", "n3"}, "If-Match": {`"7"`, `*`, `"1", "2"`, `W/"1"`},
		},
	})
}

// faulty returns the handler with a fault in it.
func faulty(h http.Handler, fault string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		document := strings.HasSuffix(r.URL.Path, "openapi.json")
		switch {
		case fault == "" || document:
		case fault == "failure" && strings.HasSuffix(r.URL.Path, "/tokens"):
			w.WriteHeader(http.StatusInternalServerError)
			return
		case fault == "open":
			r.Header.Set("Authorization", "Bearer admin")
		case fault == "twice" && len(r.Header.Get("Idempotency-Key")) <= 64:
			// A key that is none is refused as ever, or that would be found instead.
			r.Header.Del("Idempotency-Key")
		case fault == "one way" && r.Method == http.MethodPut:
			w.WriteHeader(http.StatusUnprocessableEntity)
			return
		case fault == "lenient":
			r.URL.RawQuery = ""
		case fault == "body", fault == "type", fault == "status":
			rec := httptest.NewRecorder()
			h.ServeHTTP(rec, r)
			body := rec.Body.String()
			if fault == "body" {
				body = strings.ReplaceAll(body, `"names":[]`, `"names":null`)
			}
			maps.Copy(w.Header(), rec.Header())
			w.Header().Del("Content-Length")
			if fault == "type" && rec.Code == http.StatusOK {
				w.Header().Set("Content-Type", "text/plain")
			}
			if fault == "status" && rec.Code == http.StatusOK {
				rec.Code = http.StatusNonAuthoritativeInfo
			}
			w.WriteHeader(rec.Code)
			_, _ = w.Write([]byte(body))
			return
		}
		h.ServeHTTP(w, r)
	})
}

func TestAWalkFindsWhatIsPlanted(t *testing.T) {
	for fault, want := range map[string]string{
		"status": "does not have this status", "failure": "failure of the server", "open": "should be one of [401]",
		"twice": "carried out twice", "lenient": "should be one of [400 422]", "body": "hold it against the schema",
		"type": "does not have the content type", "one way": "refused when it was written back",
	} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestTheAPIKeepsToItsDescription$", "-rapid.nofailfile") //nolint:gosec // it is this test itself
			cmd.Env = append(os.Environ(), planted+"="+fault)
			out, err := cmd.CombinedOutput()
			if err == nil || !strings.Contains(string(out), want) {
				t.Errorf("the walk ended with %v and did not say %q:\n%s", err, want, out)
			}
		})
	}
}
