package jsonapi_test

import (
	"encoding/base64"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strings"
	"sync"
	"testing"

	"keypull/pull"
	"keypull/sources/jsonapi"
	"keypull/sources/sourcetest"
)

// wooOrder is an order as WooCommerce tells it, with all that no reader may see.
const wooOrder = `{"id":%[1]s,"parent_id":0,"number":"%[1]s","order_key":"wc_order_58d2d042d1d","created_via":"checkout","version":"9.4.1","status":"completed","currency":"EUR","date_created":"2026-05-03T12:00:00",
"date_created_gmt":"2026-05-03T10:00:00","discount_total":"0.00","shipping_total":"4.90","total":"99.50","total_tax":"15.89","prices_include_tax":true,"customer_id":26,"customer_ip_address":"198.51.100.7","customer_user_agent":"Mozilla/5.0","customer_note":"",
"billing":{"first_name":"Ada","last_name":"Zimnick","company":"","address_1":"Kiefernweg 9","city":"Berlin","postcode":"%[2]s","country":"DE","email":"ada@example.org","phone":"+49301234"},
"shipping":{"first_name":"Ada","last_name":"Zimnick","address_1":"1 The Mall","city":"London","postcode":"%[3]s","country":"GB"},
"payment_method":"bacs","payment_method_title":"Bank transfer","transaction_id":"tx-77","date_paid_gmt":"2026-05-03T10:05:00","meta_data":[{"id":1,"key":"_vat","value":"DE123"}],
"line_items":[{"id":315,"name":"%[4]s","product_id":93,"variation_id":0,"quantity":2,"subtotal":"99.50","total":"99.50","sku":"B-41","price":49.75}],"shipping_lines":[{"id":317,"method_title":"Flat rate","total":"4.90"}],"refunds":[]}`

// woo is a WooCommerce shop of three orders; two of one postcode.
func woo(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") != "Basic "+base64.StdEncoding.EncodeToString([]byte("ck:cs")) {
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = io.WriteString(w, `{"code":"woocommerce_rest_cannot_view","message":"Sorry, you cannot view this resource.","data":{"status":401}}`)
		return
	}
	switch number := strings.TrimPrefix(r.URL.Path, "/wp-json/wc/v3/orders/"); number {
	case "1042":
		_, _ = fmt.Fprintf(w, wooOrder, number, "10115", "SW1A 1AA", "Boot")
	case "1043":
		_, _ = fmt.Fprintf(w, wooOrder, number, "20095", "20095", "Scarf")
	case "1044":
		_, _ = fmt.Fprintf(w, wooOrder, number, "10115", "10115", "Secret gift")
	default:
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, `{"code":"woocommerce_rest_shop_order_invalid_id","message":"Invalid ID.","data":{"status":404}}`)
	}
}

const shopifyOrder = `{"id":45078976%[1]s,"admin_graphql_api_id":"gid://shopify/Order/45078976%[1]s","name":"#%[1]s","number":42,"order_number":%[1]s,"email":"ada@example.org","phone":"+49301234","created_at":"2026-05-03T10:00:00+02:00","cancelled_at":null,"closed_at":null,
"currency":"EUR","total_price":"99.50","subtotal_price":"94.60","financial_status":"paid","fulfillment_status":"fulfilled","confirmed":true,"browser_ip":"198.51.100.7","token":"f1c0ffee","note":"gift","tags":"vip",
"customer":{"id":1,"first_name":"Ada","last_name":"Zimnick","email":"ada@example.org"},"billing_address":{"name":"Ada Zimnick","address1":"Kiefernweg 9","zip":"%[2]s","country_code":"DE"},"shipping_address":{"name":"Ada Zimnick","address1":"1 The Mall","zip":"%[3]s","country_code":"GB"},
"line_items":[{"id":1,"title":"%[4]s","quantity":2,"sku":"B-41","price":"49.75"}],"fulfillments":[{"id":2,"status":"success","shipment_status":"in_transit","tracking_company":"Hollin Post","tracking_number":"TRK%[1]s","tracking_url":"https://post.example/t/TRK%[1]s"}]}`

// shopify is a Shopify shop of the same orders; its search brings what begins
// alike, too.
func shopify(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("X-Shopify-Access-Token") != "shpat" || r.URL.Path != "/admin/api/2026-07/orders.json" {
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = io.WriteString(w, `{"errors":"[API] Invalid API key or access token (unrecognized login or wrong password)"}`)
		return
	}
	var found []string
	for _, o := range [][]any{{"1042", "10115", "SW1A 1AA", "Boot"}, {"1043", "20095", "20095", "Scarf"}, {"1044", "10115", "10115", "Secret gift"}, {"10421", "10115", "10115", "Tent"}} {
		if number, _ := o[0].(string); strings.HasPrefix(number, r.URL.Query().Get("name")) {
			found = append(found, fmt.Sprintf(shopifyOrder, o...))
		}
	}
	_, _ = io.WriteString(w, `{"orders":[`+strings.Join(found, ",")+`]}`)
}

// shop is one of the presets that tell how an order stands.
type shop struct {
	settings values
	answer   http.HandlerFunc
	told     string
}

func shops() map[string]shop {
	return map[string]shop{
		"WooCommerce": {
			values{"preset": "woocommerce-order", "username": "ck", "password": "cs"}, woo,
			"1042: 1042 |  |  |  | currency=EUR | items=Boot | ordered=2026-05-03T10:00:00 | status=completed | total=99.50",
		},
		"Shopify": {
			values{"preset": "shopify-order", "key": "shpat"}, shopify,
			"450789761042: #1042 |  | https://post.example/t/TRK1042 |  | currency=EUR | ordered=2026-05-03T10:00:00+02:00 | payment=paid | status=fulfilled | total=99.50 | tracking_number=TRK1042",
		},
	}
}

func (s shop) at(address string) values {
	set := values{"url": address}
	maps.Copy(set, s.settings)
	return set
}

func TestTheStateOfAnOrder(t *testing.T) {
	for name, s := range shops() {
		t.Run(name, func(t *testing.T) {
			sourcetest.Run(t, sourcetest.Case{
				Lacks: sourcetest.Because("an order is one item, read as articles are", sourcetest.Hostile, sourcetest.Zoneless, sourcetest.Ahead, sourcetest.Twins, sourcetest.Dated),
				Kind:  jsonapi.Kind, Settings: s.at,
				Upstream: s.answer, Query: pull.Query{Argument: "1042 10115", Count: 1}, Other: "1043 20095", Discovered: discovered()[:1],
			})
		})
	}
}

// served returns an order shop, with how often it was asked.
func served(t *testing.T, s shop) (source pull.Source, calls *[]call) {
	t.Helper()
	address, calls := upstream(t, func(c call) (int, string) {
		w := &answer{status: http.StatusOK, header: http.Header{}}
		r, err := http.NewRequestWithContext(t.Context(), c.method, c.uri, http.NoBody)
		if err != nil {
			t.Error(err)
			return http.StatusInternalServerError, ""
		}
		r.Header = c.header
		s.answer(w, r)
		return w.status, w.text.String()
	})
	return opened(t, s.at(address)), calls
}

// answer is what a handler answers.
type answer struct {
	status int
	header http.Header
	text   strings.Builder
}

func (a *answer) Header() http.Header         { return a.header }
func (a *answer) WriteHeader(status int)      { a.status = status }
func (a *answer) Write(p []byte) (int, error) { return a.text.Write(p) }

func TestTheStateOfAnOrderIsForWhoKnowsItsPostcode(t *testing.T) {
	for name, s := range shops() {
		t.Run(name, func(t *testing.T) {
			source, calls := served(t, s)
			for _, argument := range []string{"1042 10115", "#1042, 10115", "1042 sw1a1aa", "1042 SW1A 1AA"} {
				before := len(*calls)
				snapshot, found, err := ask(t, source, pull.Query{Argument: argument})
				if err != nil || len(found.Items) != 1 || len(snapshot.Items) != 1 {
					t.Fatalf("%s: %v, %v", argument, found, err)
				}
				if got := told(found.Items[0]); got != s.told {
					t.Errorf("%s: %s", argument, got)
				}
				if snapshot.Expires.After(snapshot.Fetched) || len(*calls) != before+1 {
					t.Errorf("it is kept until %v; %d requests", snapshot.Expires, len(*calls)-before)
				}
				for _, secret := range []string{"Ada", "Zimnick", "Kiefernweg", "ada@example.org", "198.51.100.7", "10115", "SW1A", "Secret gift", "tx-77", "f1c0ffee"} {
					if strings.Contains(fmt.Sprintf("%+v", snapshot), secret) {
						t.Errorf("%s brings %q", argument, secret)
					}
				}
			}
			key, _ := source.Key(pull.Query{Argument: "1042 10115"})
			if !strings.HasPrefix(key, pull.PassingKey("")) {
				t.Errorf("what is brought for %q may be kept", key)
			}
			said := map[string]bool{}
			for _, argument := range []string{"1042 10116", "1043 10115", "1042 1011", "9999 10115", "104 10115", "1042 20095"} {
				snapshot, _, err := ask(t, source, pull.Query{Argument: argument})
				if pull.KindOf(err) != pull.Unknown || len(snapshot.Items) > 0 {
					t.Errorf("%s: %v, %v", argument, snapshot.Items, err)
				}
				said[fmt.Sprint(err)] = true
			}
			if len(said) != 1 {
				t.Errorf("a wrong number is told from a wrong postcode: %v", said)
			}
			for _, argument := range []string{"", "1042", "10115", "1042/../customers 1", "1042?x=1 10115", "1042 *", "1042 %"} {
				if _, err := source.Key(pull.Query{Argument: argument}); pull.KindOf(err) != pull.Invalid {
					t.Errorf("%q: %v", argument, err)
				}
			}
		})
	}
}

// TestWhoeverGuessesPostcodesIsAskedToStop also guesses side by side, where
// each guess is on its way before another was wrong.
func TestWhoeverGuessesPostcodesIsAskedToStop(t *testing.T) {
	const most = 8
	for name, s := range shops() {
		for how, guess := range map[string]func(func(int)){
			"one after another": func(try func(int)) {
				for i := range 40 {
					try(i)
				}
			},
			"side by side": func(try func(int)) {
				var all sync.WaitGroup
				for i := range 40 {
					all.Go(func() { try(i) })
				}
				all.Wait()
			},
		} {
			t.Run(name+" "+how, func(t *testing.T) {
				source, calls := served(t, s)
				guess(func(i int) { _, _, _ = ask(t, source, pull.Query{Argument: fmt.Sprintf("1042 %05d", i)}) })
				if len(*calls) != most {
					t.Errorf("%d guesses were tried", len(*calls))
				}
				if _, _, err := ask(t, source, pull.Query{Argument: "1042 10115"}); pull.KindOf(err) != pull.Unknown {
					t.Errorf("after many guesses the right one gives %v", err)
				}
				if _, found, err := ask(t, source, pull.Query{Argument: "1043 20095"}); err != nil || len(found.Items) != 1 {
					t.Errorf("another order is not told any more: %v", err)
				}
			})
		}
	}
}

func TestRightTriesAreNoGuesses(t *testing.T) {
	for name, s := range shops() {
		t.Run(name, func(t *testing.T) {
			source, _ := served(t, s)
			for range 20 {
				if _, _, err := ask(t, source, pull.Query{Argument: "1042 10115"}); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}
