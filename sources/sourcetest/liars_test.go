package sourcetest_test

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"

	"keypull/pull"
	"keypull/sources/sourcetest"
)

// asLiar names the lie that a process of this test is to tell.
const asLiar = "KEYPULL_TEST_LIAR"

// prices is the case of the kind of prices.
func priceCase() sourcetest.Case {
	return sourcetest.Case{
		Kind: priceKind,
		Settings: func(upstream string) map[string]any {
			return map[string]any{"url": upstream, "token": "token-that-nobody-may-see", "symbols": []any{"AAA", "BBB", "CCC"}}
		},
		Upstream: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"price": 12.5}`)) }),
		Query:    pull.Query{Argument: "aaa", Count: 1},
		Other:    "bbb",
		Lacks:    sourcetest.Because("a price is one piece of no date", sourcetest.Hostile, sourcetest.Zoneless, sourcetest.Ahead, sourcetest.Twins, sourcetest.Dated),
		Bad:      []sourcetest.Bad{{Name: "no symbols", Settings: map[string]any{"url": "https://example.org", "token": "x"}, Field: "symbols"}},
	}
}

// TestLiar puts the kind through the suite that this process is told to; as
// long as nobody lies it passes.
func TestLiar(t *testing.T) {
	liar = os.Getenv(asLiar)
	t.Run("price", func(t *testing.T) { sourcetest.Run(t, priceCase()) })
	t.Run("list", func(t *testing.T) { sourcetest.Run(t, listCase(t)) })
	t.Run("news", func(t *testing.T) { sourcetest.Run(t, newsCase()) })
}

// caught says at which check of the suite, and by which words, each lie is
// found.
var caught = map[string]map[string][2]string{ //nolint:gochecknoglobals // a table
	"price": {
		"an argument that changes nothing":           {"an argument changes the answer", "have the same answer"},
		"an argument that writes on the address":     {"an argument changes the answer", "becomes a part of the address"},
		"always one symbol":                          {"an argument changes the answer", "the same is fetched"},
		"one key for all":                            {"an argument changes the answer", "have the same answer"},
		"a key that forgets the end":                 {"an argument changes the answer", "have the same answer"},
		"a key with the moment":                      {"the key stands", "a second later"},
		"a key with a secret":                        {"no secret is told", "a secret of the settings stands in"},
		"a secret in an error":                       {"no secret is told", "a secret of the settings stands in"},
		"a secret in the log":                        {"no secret is told", "a secret of the settings stands in"},
		"a secret in the snapshot":                   {"no secret is told", "a secret of the settings stands in"},
		"validators never sent":                      {"an unchanged upstream renews the times", "was not conditional"},
		"one validator alone":                        {"an unchanged upstream renews the times", "was not conditional"},
		"validators from memory":                     {"an unchanged upstream renews the times", "nothing was known"},
		"last ignored":                               {"an unchanged upstream renews the times", "was not conditional"},
		"deaf to its context":                        {"a fetch ends with its context", "succeeds"},
		"down and no word of it":                     {"an upstream that is down is told of", "not a pull.Error"},
		"a bare error":                               {"an upstream that is down is told of", "not a pull.Error"},
		"a refusal taken for an answer":              {"refusals of the upstream are told of", "the error"},
		"a panic at hostile bytes":                   {"hostile answers do no harm", "breaks down"},
		"hostile bytes as markup":                    {"hostile answers do no harm", "markup"},
		"the time of arrival for that of the answer": {"an answer is as old as its cache says", "it was fetched at"},
		"as of tomorrow":                             {"what has not changed stands", "still to come"},
		"ids by chance":                              {"what has not changed stands", "the ids were"},
		"ids by the clock":                           {"what has not changed stands", "the ids were"},
		"warnings without end":                       {"what has not changed stands", "warnings became"},
		"never finished":                             {"what has not changed stands", "comes to no end"},
		"a panic at a server that lies":              {"a server that lies does no harm", "breaks down"},
		"a secret shown to another host":             {"secrets stay with their host", "was shown to another host"},
		"requests not counted":                       {"requests are counted", "are counted"},
		"rest forgotten":                             {"an upstream that asks for rest has it", "loses its Retry-After"},
		"last changed":                               {"a fetch leaves the last snapshot alone", "is now"},
		"select asks upstream":                       {"select asks nobody", "requests"},
		"select reads the clock":                     {"select reads no clock", "reads the clock"},
		"select counts its calls":                    {"select asks nobody", "the same query"},
		"select changes the snapshot":                {"select leaves the snapshot alone", "changes the snapshot"},
		"select answers from memory":                 {"select answers from the snapshot it is given", "not in the snapshot"},
		"a button that forgets the reader":           {"what can be tapped leads somewhere", "would write"},
		"a button to anywhere":                       {"what can be tapped leads somewhere", "no web address"},
		"buttons without end":                        {"what can be tapped leads somewhere", "buttons stand below"},
		"select shares its lists":                    {"nothing returned is still the source's own", "after its answer was changed"},
		"one entry that counts as two":               {"several entries that are named are told at once", "counts as 2"},
		"a term that nobody can ask for":             {"terms can be asked for", "cannot be asked for"},
		"the language of the first reader":           {"replies are worded in every language", "in another order"},
		"another language than it says":              {"replies are worded in every language", "says that it is in"},
		"names for whoever gave up":                  {"a vocabulary by page comes to an end", "its context has ended"},
		"no names when down":                         {"a vocabulary by page comes to an end", "not a pull.Error"},
		"no names when refused":                      {"a vocabulary by page comes to an end", "not a pull.Error"},
		"names of anything":                          {"a vocabulary by page comes to an end", "not a pull.Error"},
		"requests for names not counted":             {"a vocabulary by page comes to an end", "are counted"},
		"a fact of another name":                     {"what it says of itself is so", "which no template may name"},
		"nothing said in French":                     {"replies are worded in every language", "nothing is said"},
		"items changed as they are told":             {"replies are worded in every language", "changed the items"},
	},
	"news": {
		"all times are an hour off":              {"what a kind may lack has a reason", "the document says"},
		"the zone of a time is lost":             {"what a kind may lack has a reason", "the document says"},
		"the hour of the day is lost":            {"what a kind may lack has a reason", "the document says"},
		"ids by place in the list":               {"what a kind may lack has a reason", "in another place of the list"},
		"the last piece is lost":                 {"what a kind may lack has a reason", "of a document of"},
		"the oldest first":                       {"what a kind may lack has a reason", "the newest comes first"},
		"as it stands in the list":               {"what a kind may lack has a reason", "the newest comes first"},
		"a wrong document is an empty one":       {"what is no answer is a failure", "taken for an answer with nothing in it"},
		"a part is left out in silence":          {"what a kind may lack has a reason", "a case says by Twins"},
		"a part is left out without a reason":    {"what a kind may lack has a reason", "say in a sentence why"},
		"a part is lacked and shown":             {"what a kind may lack has a reason", "the case lacks Dated, and shows it"},
		"a kind with dates is said to have none": {"what a kind may lack has a reason", "say by Dated how"},
	},
	"list": {
		"choices of one name":                         {"what fits several is asked for", "nobody can tell it from the others"},
		"choices without a name":                      {"what fits several is asked for", "nobody can tell it from the others"},
		"a page without its last entry":               {"a vocabulary by page comes to an end", "want 6"},
		"one id for all pushes":                       {"a push is taken from its sender alone", "two pushes have the id"},
		"a push that withdraws nothing":               {"a push is taken from its sender alone", "has no item of that id"},
		"a push that renews another key":              {"a push is taken from its sender alone", "but not"},
		"a pushed snapshot of no time":                {"a push is taken from its sender alone", "does not say of when it is"},
		"a time of the fact that nobody tells":        {"what it says of itself is so", "neither item nor snapshot tells it"},
		"a key of its own is shared":                  {"what it says of itself is so", "is another publisher's"},
		"items of its own are shared":                 {"what it says of itself is so", "another publisher's source fetches"},
		"MORE without end":                            {"MORE walks everything once", "more are said to follow"},
		"MORE that repeats":                           {"MORE walks everything once", "MORE walks"},
		"MORE that ends too soon":                     {"MORE walks everything once", "MORE walks"},
		"more items than wanted":                      {"select keeps to the count", "were wanted at most"},
		"one of several chosen":                       {"what fits several is asked for", "want two choices"},
		"a choice that asks again":                    {"what fits several is asked for", "asks again"},
		"choices that are the same":                   {"what fits several is asked for", "have the same answer"},
		"the last for the new when down":              {"what is asked without HTTP is told of when it is down", "not a pull.Error"},
		"nothing at all when down":                    {"what is asked without HTTP is told of when it is down", "not a pull.Error"},
		"a reader's key told to all":                  {"what is told of a reader stays private", "is not private"},
		"one answer for all readers":                  {"what is told of a reader stays private", "have the same answer"},
		"a reader in a warning":                       {"what is told of a reader stays private", "stands in a warning"},
		"a push of anybody":                           {"a push is taken from its sender alone", "nobody signed it"},
		"a push of long ago":                          {"a push is taken from its sender alone", "one of an hour ago is taken"},
		"a push whose body nobody signed":             {"a push is taken from its sender alone", "body was changed is taken"},
		"a push without an id":                        {"a push is taken from its sender alone", "taken twice"},
		"pages without end":                           {"a vocabulary by page comes to an end", "comes to no end"},
		"the same page again":                         {"a vocabulary by page comes to an end", "once more"},
		"a note that is told in English alone":        {"a note is told in every language", "1 languages of"},
		"a note that is not filled in":                {"a note is told in every language", "it notes"},
		"a page with entries that nobody can ask for": {"a vocabulary by page comes to an end", "has no value"},
		"a panic at a push":                           {"a push is taken from its sender alone", "breaks down at a push"},
	},
}

func TestTheSuiteCatchesEveryLiar(t *testing.T) {
	for kind, lies := range caught {
		for lie, at := range lies {
			t.Run(lie, func(t *testing.T) {
				t.Parallel()
				check := strings.ReplaceAll(at[0], " ", "_")
				suite := exec.CommandContext(t.Context(), os.Args[0], "-test.run", fmt.Sprintf("^TestLiar$/^%s$/^%s$", kind, check)) //nolint:gosec // this very test
				suite.Env = append(os.Environ(), asLiar+"="+lie)
				out, err := suite.CombinedOutput()
				if err == nil || !strings.Contains(string(out), "--- FAIL: TestLiar/"+kind+"/"+check) || !strings.Contains(string(out), at[1]) {
					t.Errorf("%v\n%.2000s", err, out)
				}
			})
		}
	}
}
