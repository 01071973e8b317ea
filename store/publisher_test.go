package store_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/store"
	"keypull/store/mem"
)

func kept(resource catalogue.Resource, publisher, id string) store.Stored {
	return store.Stored{Resource: resource, Publisher: publisher, ID: id, Value: json.RawMessage(`{"id":"` + id + `"}`), Changed: monday, By: "anna"}
}

func putKept(t testing.TB, o *store.Publishers, all ...store.Stored) {
	t.Helper()
	for _, k := range all {
		_, err := o.Put(t.Context(), k, 0)
		must(t, err)
	}
}

func load(t testing.TB, o *store.Publishers) (all []store.Stored) {
	t.Helper()
	for k, err := range o.Load(t.Context()) {
		must(t, err)
		all = append(all, k)
	}
	return all
}

func names(all []store.Stored) string {
	var out []string
	for _, k := range all {
		out = append(out, strings.TrimSuffix(string(k.Resource)+" "+k.Publisher+" "+k.ID, " "))
	}
	return strings.Join(out, ", ")
}

func TestWhatIsSetUpIsLoaded(t *testing.T) {
	onEach(t, func(t *testing.T, kv store.KV) {
		publishers := store.NewPublishers(kv.(store.Backend))
		putKept(t, publishers, kept(catalogue.ResourceChannel, "a", "chat"), kept(catalogue.ResourceKeyword, "a", "news"),
			kept(catalogue.ResourcePublisher, "b", ""), kept(catalogue.ResourcePublisher, "a", ""), kept(catalogue.ResourceSource, "a", "a b/ü"))
		all := load(t, publishers)
		if got, want := names(all), "publisher a, publisher b, source a a b/ü, keyword a news, channel a chat"; got != want {
			t.Fatalf("loaded %s, want %s", got, want)
		}
		for _, loaded := range all {
			one, err := publishers.Get(t.Context(), loaded.Resource, loaded.Publisher, loaded.ID)
			must(t, err)
			want := kept(loaded.Resource, loaded.Publisher, loaded.ID)
			want.Revision = one.Revision
			if diff := cmp.Diff([]store.Stored{want, want}, []store.Stored{one, loaded}); diff != "" || one.Revision == 0 {
				t.Error(one.Revision, diff)
			}
		}
	})
}

func TestAStaleVersionIsRefused(t *testing.T) {
	onEach(t, func(t *testing.T, kv store.KV) {
		publishers := store.NewPublishers(kv.(store.Backend))
		news := kept(catalogue.ResourceSource, "a", "news")
		old, err := publishers.Put(t.Context(), news, 0)
		must(t, err)
		_, err = publishers.Put(t.Context(), news, 0)
		wantKind(t, "create again", err, pull.Conflict)
		now, err := publishers.Put(t.Context(), news, old)
		must(t, err)
		_, err = publishers.Put(t.Context(), news, old)
		wantKind(t, "put", err, pull.Conflict)
		wantKind(t, "delete", publishers.Delete(t.Context(), news.Resource, "a", "news", old), pull.Conflict)
		must(t, publishers.Delete(t.Context(), news.Resource, "a", "news", now))
		wantKind(t, "delete again", publishers.Delete(t.Context(), news.Resource, "a", "news", now), pull.Unknown)
		_, err = publishers.Get(t.Context(), news.Resource, "a", "news")
		wantKind(t, "get", err, pull.Unknown)
	})
}

func TestOfManyWhoChangeTheSameThingOneDoes(t *testing.T) {
	onEach(t, func(t *testing.T, kv store.KV) {
		publishers := store.NewPublishers(kv.(store.Backend))
		at, err := publishers.Put(t.Context(), kept(catalogue.ResourceKeyword, "a", "news"), 0)
		must(t, err)
		won := race(t, pull.Conflict, func(int) error {
			_, err := publishers.Put(t.Context(), kept(catalogue.ResourceKeyword, "a", "news"), at)
			return err
		})
		if won != 1 {
			t.Errorf("%d did", won)
		}
	})
}

func TestWhatHasNoPlaceIsRefused(t *testing.T) {
	onEach(t, func(t *testing.T, kv store.KV) {
		publishers := store.NewPublishers(kv.(store.Backend))
		long := kept(catalogue.ResourceSource, "a", "long")
		long.Value = json.RawMessage(`"` + strings.Repeat("x", store.MaxValueBytes) + `"`)
		for _, k := range []store.Stored{
			kept("reader", "a", "b"), kept("", "a", "b"), kept(catalogue.ResourcePublisher, "a", "b"), kept(catalogue.ResourcePublisher, "", ""),
			kept(catalogue.ResourceSource, "a", ""), kept(catalogue.ResourceSource, "", "b"), kept(catalogue.ResourceSource, "a", strings.Repeat("x", 256)), long,
		} {
			_, err := publishers.Put(t.Context(), k, 0)
			wantKind(t, fmt.Sprintf("%s %s %.10s", k.Resource, k.Publisher, k.ID), err, pull.Invalid)
		}
		if all := keysBelow(t, kv, ""); len(all) > 0 {
			t.Errorf("written: %v", all)
		}
	})
}

func fill(t testing.TB, publishers *store.Publishers) uint64 {
	t.Helper()
	at, err := publishers.Put(t.Context(), kept(catalogue.ResourcePublisher, "a", ""), 0)
	must(t, err)
	putKept(t, publishers, kept(catalogue.ResourceSource, "a", "s"), kept(catalogue.ResourceKeyword, "a", "k"), kept(catalogue.ResourceChannel, "a", "c"),
		kept(catalogue.ResourcePublisher, "a-b", ""), kept(catalogue.ResourceSource, "a-b", "s"))
	return at
}

func TestAPublisherGoesWithAllThatHangsBelowIt(t *testing.T) {
	onEach(t, func(t *testing.T, kv store.KV) {
		publishers := store.NewPublishers(kv.(store.Backend))
		at := fill(t, publishers)
		wantKind(t, "a stale revision", publishers.Delete(t.Context(), catalogue.ResourcePublisher, "a", "", at+1), pull.Conflict)
		if all := load(t, publishers); len(all) != 6 {
			t.Fatalf("left after a refusal: %s", names(all))
		}
		must(t, publishers.Delete(t.Context(), catalogue.ResourcePublisher, "a", "", at))
		if got, want := names(load(t, publishers)), "publisher a-b, source a-b s"; got != want {
			t.Errorf("left %s, want %s", got, want)
		}
		wantKind(t, "once more", publishers.Delete(t.Context(), catalogue.ResourcePublisher, "a", "", at), pull.Unknown)
	})
}

func TestAPublisherThatIsHalfRemovedCanBeRemovedAgain(t *testing.T) {
	for writes := range int32(4) {
		t.Run(fmt.Sprintf("after %d writes", writes), func(t *testing.T) {
			onEach(t, func(t *testing.T, kv store.KV) {
				publishers := store.NewPublishers(kv.(store.Backend))
				at := fill(t, publishers)
				err := store.NewPublishers(newFailing(kv, writes)).Delete(t.Context(), catalogue.ResourcePublisher, "a", "", at)
				wantKind(t, "the crash", err, pull.Unavailable)
				must(t, publishers.Delete(t.Context(), catalogue.ResourcePublisher, "a", "", at))
				if got, want := names(load(t, publishers)), "publisher a-b, source a-b s"; got != want {
					t.Errorf("left %s, want %s", got, want)
				}
			})
		})
	}
}

func TestOneThingThatCannotBeReadDoesNotHideTheOthers(t *testing.T) {
	onEach(t, func(t *testing.T, kv store.KV) {
		publishers := store.NewPublishers(kv.(store.Backend))
		fill(t, publishers)
		_, err := kv.Put(t.Context(), "keyword.a.broken", []byte("{"), store.Any)
		must(t, err)
		var errs []string
		read := 0
		for _, err := range publishers.Load(t.Context()) {
			if err != nil {
				errs = append(errs, err.Error())
			} else {
				read++
			}
		}
		if read != 6 || len(errs) != 1 || !strings.Contains(errs[0], "keyword.a.broken") {
			t.Errorf("%d read, errors %v", read, errs)
		}
	})
}

// tenThousand keywords are written at once, so that a back end may write many
// as one.
func tenThousand(t testing.TB, publishers *store.Publishers) {
	t.Helper()
	var group sync.WaitGroup
	for worker := range 250 {
		group.Go(func() {
			for i := worker; i < 10000; i += 250 {
				if _, err := publishers.Put(t.Context(), kept(catalogue.ResourceKeyword, "a", fmt.Sprintf("k%05d", i)), 0); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
}

func TestTenThousandKeywordsLoadAndGo(t *testing.T) {
	onEach(t, func(t *testing.T, kv store.KV) {
		publishers := store.NewPublishers(kv.(store.Backend))
		at, err := publishers.Put(t.Context(), kept(catalogue.ResourcePublisher, "a", ""), 0)
		must(t, err)
		tenThousand(t, publishers)
		all := load(t, publishers)
		inOrder := slices.IsSortedFunc(all[1:], func(a, b store.Stored) int { return strings.Compare(a.ID, b.ID) })
		if len(all) != 10001 || !inOrder {
			t.Fatalf("%d loaded, in order %v", len(all), inOrder)
		}
		must(t, publishers.Delete(t.Context(), catalogue.ResourcePublisher, "a", "", at))
		if left := keysBelow(t, kv, ""); len(left) > 0 {
			t.Errorf("left %d", len(left))
		}
	})
}

func BenchmarkLoad(b *testing.B) {
	for name, kv := range map[string]store.KV{"mem": mem.Open(store.Options{}), "bolt": openBolt(b)} {
		b.Run(name, func(b *testing.B) {
			publishers := store.NewPublishers(kv.(store.Backend))
			if len(keysBelow(b, kv, string(catalogue.ResourceKeyword))) == 0 {
				tenThousand(b, publishers)
			}
			b.ReportAllocs()
			for b.Loop() {
				if all := load(b, publishers); len(all) != 10000 {
					b.Fatalf("%d loaded", len(all))
				}
			}
		})
	}
}

func TestWhatIsSetUpLiesAsTheFirstVersionWroteIt(t *testing.T) {
	onEach(t, func(t *testing.T, kv store.KV) {
		publishers := store.NewPublishers(kv.(store.Backend))
		putKept(t, publishers, kept(catalogue.ResourcePublisher, "a", ""), kept(catalogue.ResourceSource, "a", "news"))
		for key, want := range map[string]string{
			"outlet.a":      `{"noun":"outlet","publisher":"a","value":{"id":""},"changed":"2026-11-23T09:00:00Z","by":"anna"}`,
			"source.a.news": `{"noun":"source","publisher":"a","id":"news","value":{"id":"news"},"changed":"2026-11-23T09:00:00Z","by":"anna"}`,
		} {
			pair, err := kv.Get(t.Context(), key)
			must(t, err)
			if string(pair.Value) != want {
				t.Errorf("%s holds %s, want %s", key, pair.Value, want)
			}
		}
	})
}
