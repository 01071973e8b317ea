package main

import (
	"net/http"
	"strings"
	"testing"
)

// TestOddAddressesLeadToNoOtherPublisher writes the addresses of the other publisher in
// every way that some server reads otherwise than its guard.
func TestOddAddressesLeadToNoOtherPublisher(t *testing.T) {
	h := openTwoHouses(t)
	owner := h.program("alpha", "owner")
	for _, place := range []string{
		"/publishers/bravo", "/publishers/%62ravo", "/publishers/bravo/", "/publishers//bravo", "/publishers/BRAVO", "/publishers/bravo%20", "/publishers/bravo%00",
		"/publishers/alpha/../bravo", "/publishers/alpha/%2e%2e/bravo", "/publishers/alpha%2f..%2fbravo", "/publishers/alpha/..%2fbravo/sources",
		"/publishers/alpha;/../bravo/sources", "/publishers/bravo;/sources", "/publishers/bravo/sources?publisher=alpha", "/publishers/bravo/sources?publisher=alpha&publisher=bravo",
		"/publishers/alpha/sources?publisher=bravo", "/publishers/alpha/sources/..%2f..%2fbravo%2fsources%2fsrc-of-bravo", "/publishers/alpha/sources/bravo%2fsrc-of-bravo",
		"/publishers/*/sources", "/publishers/%2a/sources", "/publishers/alpha,bravo/sources", "/publishers/alpha%0abravo/sources", "/publishers/app", "/publishers/",
		"/../v1/publishers/bravo", "/publishers/bravo/../bravo/sources", "/people", "/tokens", "/acts", "/invites",
	} {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			got := request(t, method, h.URL+"/api/v1"+place, "", owner.header())
			if got.status != http.StatusNotFound && got.status != http.StatusForbidden && got.status != http.StatusBadRequest && got.status != http.StatusUnprocessableEntity {
				t.Errorf("%s %s was answered %d %s", method, place, got.status, got.body)
			}
			h.tellsNothing(t, place, got)
		}
	}
}

func TestTheRecordOfAnotherHouseIsNotReadByItsCursors(t *testing.T) {
	h := openTwoHouses(t)
	admin, owner := h.admin(), h.program("alpha", "owner")
	cursors := []string{admin.get("/acts?limit=1").text("next"), admin.get("/acts?limit=10").text("next")}
	for _, limit := range []string{"1", "2", "5"} {
		cursors = append(cursors, admin.get("/publishers/bravo/acts?limit="+limit).text("next"))
	}
	cursors = append(cursors, "0", "99999999999999999999-aaaaaaaaaaaaaaaa", "~", "zzzz")
	for _, cursor := range cursors {
		place := "/publishers/alpha/acts?limit=200&cursor=" + cursor
		got := owner.send(http.MethodGet, place, nil)
		if got.status != http.StatusOK && got.status != http.StatusUnprocessableEntity {
			t.Errorf("the cursor %q was answered %d %s", cursor, got.status, got.body)
		}
		h.tellsNothing(t, "", got.posted)
	}
	for list, id := range map[string]string{"sources": "source", "keywords": "keyword", "channels": "channel"} {
		next := admin.get("/publishers/bravo/" + list + "?limit=1").text("next")
		got := owner.send(http.MethodGet, "/publishers/alpha/"+list+"?cursor="+next, nil)
		if got.status != http.StatusOK {
			t.Errorf("a cursor of another %s was answered %d", id, got.status)
		}
		h.tellsNothing(t, "", got.posted)
	}
}

// tellsNothing looks for what belongs to the second publisher.
func (h *twoHouses) tellsNothing(t *testing.T, said string, got posted) {
	t.Helper()
	for _, mark := range h.marks {
		if strings.Contains(got.body, mark) && !strings.Contains(said, mark) {
			t.Errorf("%s tells %q: %s", said, mark, got.body)
		}
	}
}
