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
	"keypull/store"
	"keypull/store/mem"
)

func kept(noun, publisher, id string) store.Kept {
	return store.Kept{Noun: noun, Publisher: publisher, ID: id, Value: json.RawMessage(`{"id":"` + id + `"}`), Changed: monday, By: "anna"}
}

func putKept(t testing.TB, o *store.Outlets, all ...store.Kept) {
	t.Helper()
	for _, k := range all {
		_, err := o.Put(t.Context(), k, 0)
		must(t, err)
	}
}

func load(t testing.TB, o *store.Outlets) (all []store.Kept) {
	t.Helper()
	for k, err := range o.Load(t.Context()) {
		must(t, err)
		all = append(all, k)
	}
	return all
}

func names(all []store.Kept) string {
	var out []string
	for _, k := range all {
		out = append(out, strings.TrimSuffix(k.Noun+" "+k.Publisher+" "+k.ID, " "))
	}
	return strings.Join(out, ", ")
}

func TestWhatIsSetUpIsLoaded(t *testing.T) {
	onEach(t, func(t *testing.T, kv store.KV) {
		outlets := store.NewOutlets(kv)
		putKept(t, outlets, kept(store.ChannelNoun, "a", "chat"), kept(store.KeywordNoun, "a", "news"),
			kept(store.OutletNoun, "b", ""), kept(store.OutletNoun, "a", ""), kept(store.SourceNoun, "a", "a b/ü"))
		all := load(t, outlets)
		if got, want := names(all), "outlet a, outlet b, source a a b/ü, keyword a news, channel a chat"; got != want {
			t.Fatalf("loaded %s, want %s", got, want)
		}
		for _, loaded := range all {
			one, err := outlets.Get(t.Context(), loaded.Noun, loaded.Publisher, loaded.ID)
			must(t, err)
			want := kept(loaded.Noun, loaded.Publisher, loaded.ID)
			want.Revision = one.Revision
			if diff := cmp.Diff([]store.Kept{want, want}, []store.Kept{one, loaded}); diff != "" || one.Revision == 0 {
				t.Error(one.Revision, diff)
			}
		}
	})
}

func TestAStaleVersionIsRefused(t *testing.T) {
	onEach(t, func(t *testing.T, kv store.KV) {
		outlets := store.NewOutlets(kv)
		news := kept(store.SourceNoun, "a", "news")
		old, err := outlets.Put(t.Context(), news, 0)
		must(t, err)
		_, err = outlets.Put(t.Context(), news, 0)
		wantKind(t, "create again", err, pull.Conflict)
		now, err := outlets.Put(t.Context(), news, old)
		must(t, err)
		_, err = outlets.Put(t.Context(), news, old)
		wantKind(t, "put", err, pull.Conflict)
		wantKind(t, "delete", outlets.Delete(t.Context(), news.Noun, "a", "news", old), pull.Conflict)
		must(t, outlets.Delete(t.Context(), news.Noun, "a", "news", now))
		wantKind(t, "delete again", outlets.Delete(t.Context(), news.Noun, "a", "news", now), pull.Unknown)
		_, err = outlets.Get(t.Context(), news.Noun, "a", "news")
		wantKind(t, "get", err, pull.Unknown)
	})
}

func TestOfManyWhoChangeTheSameThingOneDoes(t *testing.T) {
	onEach(t, func(t *testing.T, kv store.KV) {
		outlets := store.NewOutlets(kv)
		at, err := outlets.Put(t.Context(), kept(store.KeywordNoun, "a", "news"), 0)
		must(t, err)
		won := race(t, pull.Conflict, func(int) error {
			_, err := outlets.Put(t.Context(), kept(store.KeywordNoun, "a", "news"), at)
			return err
		})
		if won != 1 {
			t.Errorf("%d did", won)
		}
	})
}

func TestWhatHasNoPlaceIsRefused(t *testing.T) {
	onEach(t, func(t *testing.T, kv store.KV) {
		outlets := store.NewOutlets(kv)
		long := kept(store.SourceNoun, "a", "long")
		long.Value = json.RawMessage(`"` + strings.Repeat("x", store.MaxValueBytes) + `"`)
		for _, k := range []store.Kept{
			kept("reader", "a", "b"), kept("", "a", "b"), kept(store.OutletNoun, "a", "b"), kept(store.OutletNoun, "", ""),
			kept(store.SourceNoun, "a", ""), kept(store.SourceNoun, "", "b"), kept(store.SourceNoun, "a", strings.Repeat("x", 256)), long,
		} {
			_, err := outlets.Put(t.Context(), k, 0)
			wantKind(t, fmt.Sprintf("%s %s %.10s", k.Noun, k.Publisher, k.ID), err, pull.Invalid)
		}
		if all := keysBelow(t, kv, ""); len(all) > 0 {
			t.Errorf("written: %v", all)
		}
	})
}

func fill(t testing.TB, outlets *store.Outlets) uint64 {
	t.Helper()
	at, err := outlets.Put(t.Context(), kept(store.OutletNoun, "a", ""), 0)
	must(t, err)
	putKept(t, outlets, kept(store.SourceNoun, "a", "s"), kept(store.KeywordNoun, "a", "k"), kept(store.ChannelNoun, "a", "c"),
		kept(store.OutletNoun, "a-b", ""), kept(store.SourceNoun, "a-b", "s"))
	return at
}

func TestAnOutletGoesWithAllThatHangsBelowIt(t *testing.T) {
	onEach(t, func(t *testing.T, kv store.KV) {
		outlets := store.NewOutlets(kv)
		at := fill(t, outlets)
		wantKind(t, "a stale revision", outlets.DeleteOutlet(t.Context(), "a", at+1), pull.Conflict)
		if all := load(t, outlets); len(all) != 6 {
			t.Fatalf("left after a refusal: %s", names(all))
		}
		must(t, outlets.Delete(t.Context(), store.OutletNoun, "a", "", at))
		if got, want := names(load(t, outlets)), "outlet a-b, source a-b s"; got != want {
			t.Errorf("left %s, want %s", got, want)
		}
		wantKind(t, "once more", outlets.DeleteOutlet(t.Context(), "a", at), pull.Unknown)
	})
}

func TestAnOutletThatIsHalfRemovedCanBeRemovedAgain(t *testing.T) {
	for writes := range int32(4) {
		t.Run(fmt.Sprintf("after %d writes", writes), func(t *testing.T) {
			onEach(t, func(t *testing.T, kv store.KV) {
				outlets := store.NewOutlets(kv)
				at := fill(t, outlets)
				err := store.NewOutlets(newFailing(kv, writes)).DeleteOutlet(t.Context(), "a", at)
				wantKind(t, "the crash", err, pull.Unavailable)
				must(t, outlets.DeleteOutlet(t.Context(), "a", at))
				if got, want := names(load(t, outlets)), "outlet a-b, source a-b s"; got != want {
					t.Errorf("left %s, want %s", got, want)
				}
			})
		})
	}
}

func TestOneThingThatCannotBeReadDoesNotHideTheOthers(t *testing.T) {
	onEach(t, func(t *testing.T, kv store.KV) {
		outlets := store.NewOutlets(kv)
		fill(t, outlets)
		_, err := kv.Put(t.Context(), "keyword.a.broken", []byte("{"), store.Any)
		must(t, err)
		var errs []string
		read := 0
		for _, err := range outlets.Load(t.Context()) {
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
func tenThousand(t testing.TB, outlets *store.Outlets) {
	t.Helper()
	var group sync.WaitGroup
	for worker := range 250 {
		group.Go(func() {
			for i := worker; i < 10000; i += 250 {
				if _, err := outlets.Put(t.Context(), kept(store.KeywordNoun, "a", fmt.Sprintf("k%05d", i)), 0); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
}

func TestTenThousandKeywordsLoadAndGo(t *testing.T) {
	onEach(t, func(t *testing.T, kv store.KV) {
		outlets := store.NewOutlets(kv)
		at, err := outlets.Put(t.Context(), kept(store.OutletNoun, "a", ""), 0)
		must(t, err)
		tenThousand(t, outlets)
		all := load(t, outlets)
		inOrder := slices.IsSortedFunc(all[1:], func(a, b store.Kept) int { return strings.Compare(a.ID, b.ID) })
		if len(all) != 10001 || !inOrder {
			t.Fatalf("%d loaded, in order %v", len(all), inOrder)
		}
		must(t, outlets.DeleteOutlet(t.Context(), "a", at))
		if left := keysBelow(t, kv, ""); len(left) > 0 {
			t.Errorf("left %d", len(left))
		}
	})
}

func BenchmarkLoad(b *testing.B) {
	for name, kv := range map[string]store.KV{"mem": mem.Open(store.Options{}), "bolt": openBolt(b)} {
		b.Run(name, func(b *testing.B) {
			outlets := store.NewOutlets(kv)
			if len(keysBelow(b, kv, store.KeywordNoun)) == 0 {
				tenThousand(b, outlets)
			}
			b.ReportAllocs()
			for b.Loop() {
				if all := load(b, outlets); len(all) != 10000 {
					b.Fatalf("%d loaded", len(all))
				}
			}
		})
	}
}
