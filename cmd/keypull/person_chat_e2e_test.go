package main

import (
	"bufio"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// What a person writes to a chat whose page is closed waits for the reader, whatever the server
// does meanwhile, and comes once and in its order.
func TestWhatAPersonWroteWaitsForTheReaderOfAWebChat(t *testing.T) {
	for name, end := range map[string]func(d *personDesk){
		"no restart": func(*personDesk) {},
		"a restart":  func(d *personDesk) { d.restart() },
		"a crash":    func(d *personDesk) { d.breakOff(); d.start() },
	} {
		t.Run(name, func(t *testing.T) {
			d := openPersonDesk(t, chatBlock())
			editor := d.program("lecker", "editor")
			session := d.chat(`{"text":"hours"}`).Session
			at := "/publishers/lecker/conversations/" + strings.TrimPrefix(string(d.readerKey("lecker", "web", session)), "lecker.")
			write := func(n int) {
				editor.want(http.StatusOK, http.MethodPost, at+"/replies", object{"text": fmt.Sprintf("Line %d.", n)})
				d.settled()
			}
			last := ""
			reads := func(from, to int) {
				t.Helper()
				stream := bufio.NewReader(openStream(t, d.URL, session, last))
				for n := from; n <= to; n++ {
					id, data := nextEvent(t, stream)
					if last = id; !strings.Contains(data, fmt.Sprintf("Line %d.", n)) {
						t.Fatalf("in the place of line %d comes %s", n, data)
					}
				}
			}
			editor.want(http.StatusOK, http.MethodPost, at+"/take", nil)
			write(1)
			write(2)
			reads(1, 2)
			write(3)
			write(4)
			end(d)
			reads(3, 4)
			write(5)
			end(d)
			write(6)
			end(d)
			reads(5, 6)
			last = ""
			reads(1, 6)
		})
	}
}
