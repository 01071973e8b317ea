package jsonapi_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"keypull/pull"
	"keypull/pull/what"
)

// told is an item in a line.
func told(it what.Item) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s | %s | %s | %s", it.ID, it.Title, it.Summary, it.Link, it.Image())
	if !it.Published.IsZero() {
		b.WriteString(" | " + it.Published.Format("2006-01-02T15:04Z07"))
	}
	for _, f := range it.Facts {
		fmt.Fprintf(&b, " | %s=%s%s", f.Name, f.Text, strings.Join(f.List, ","))
	}
	return b.String()
}

func TestPresetsKnowTheirSystems(t *testing.T) {
	for name, c := range map[string]struct {
		settings values
		argument string
		uri      string
		answer   string
		want     string
	}{
		"WordPress": {
			values{"preset": "wordpress"}, "bridge", "/wp-json/wp/v2/posts?search=bridge&per_page=20&_embed=1",
			`[{"id":7,"date":"2026-05-03T12:00:00","date_gmt":"2026-05-03T10:00:00","link":"https://paper.example/b","title":{"rendered":"Bridge &#8211; closed"},"excerpt":{"rendered":"<p>From <b>today</b>.</p>\n"},"content":{"rendered":"<p>All.</p>","protected":false},
			 "_embedded":{"author":[{"name":"Kim"}],"wp:featuredmedia":[{"source_url":"https://paper.example/b.jpg","alt_text":"The bridge"}]}}]`,
			"7: Bridge – closed | From today. | https://paper.example/b | https://paper.example/b.jpg | 2026-05-03T10:00Z | author=Kim",
		},
		"WordPress by its API": {
			values{"preset": "wordpress", "path": "/blog/wp-json/wp/v2/news?per_page=5"}, "", "/blog/wp-json/wp/v2/news?per_page=5&_embed=1",
			`[{"id":1,"title":{"rendered":"A"}}]`, "1: A |  |  | ",
		},
		"Drupal": {
			values{"preset": "drupal"}, "", "/jsonapi/node/article?filter%5Btitle%5D%5Boperator%5D=CONTAINS&sort=-created&page%5Blimit%5D=20",
			`{"jsonapi":{"version":"1.0"},"data":[{"type":"node--article","id":"u-1","attributes":{"title":"Tram","langcode":"de","created":"2026-05-03T10:00:00+00:00","path":{"alias":"/tram","langcode":"de"},"body":{"processed":"<p>Line 4</p>","summary":""}}}],"links":{}}`,
			"u-1: Tram |  | HOST/tram |  | 2026-05-03T10:00Z",
		},
		"Ghost": {
			values{"preset": "ghost", "key": "0123456789abcdef"}, "a'b", "/ghost/api/content/posts/?key=0123456789abcdef&filter=title:~'a+b'&include=tags,authors&formats=html&limit=15",
			`{"posts":[{"id":"g","title":"Port","url":"https://g.example/port/","excerpt":"Short","feature_image":"https://g.example/i.png","published_at":"2026-05-03T10:00:00.000+00:00","primary_author":{"name":"Lu"},"tags":[{"name":"Sea"},{"name":"Trade"}]}],"meta":{"pagination":{"next":null}}}`,
			"g: Port | Short | https://g.example/port/ | https://g.example/i.png | 2026-05-03T10:00Z | author=Lu | topics=Sea,Trade",
		},
		"Shopify": {
			values{"preset": "shopify"}, "", "/products.json?limit=250",
			`{"products":[{"id":12345678901234567890,"title":"Boot","handle":"boot","body_html":"<p>Warm</p>","vendor":"V","product_type":"Shoes","images":[{"src":"https://cdn.example/b.jpg"}],"variants":[{"title":"41","price":"99.00","sku":"B-41","available":true},{"title":"42","price":"99.00","available":false}]}]}`,
			"12345678901234567890: Boot | Warm | HOST/products/boot | https://cdn.example/b.jpg | price=99.00 | stock=in stock | sku=B-41 | size=41,42 | type=Shoes | vendor=V",
		},
		"Shopify with a token": {
			values{"preset": "shopify", "headers": values{"X-Shopify-Access-Token": "t"}}, "", "/admin/api/2025-07/products.json?limit=250&status=active",
			`{"products":[{"id":1,"title":"Boot","variants":[{"title":"41","price":"99.00","inventory_quantity":7}]}]}`, "1: Boot |  |  |  | price=99.00 | stock=7 | size=41",
		},
		"WooCommerce": {
			values{"preset": "woocommerce"}, "boot", "/wp-json/wc/store/v1/products?search=boot&per_page=20",
			`[{"id":3,"name":"Boot","sku":"B","permalink":"https://shop.example/b","short_description":"Warm","is_in_stock":false,"prices":{"price":"9950","currency_code":"EUR","currency_minor_unit":2},"images":[{"src":"https://shop.example/b.jpg","alt":""}],"attributes":[{"name":"Size","taxonomy":"pa_size","terms":[{"name":"41"},{"name":"42"}]}]}]`,
			"3: Boot | Warm | https://shop.example/b | https://shop.example/b.jpg | price=99.50 | currency=EUR | stock=sold out | sku=B | size=41,42",
		},
		"WooCommerce with a key": {
			values{"preset": "woocommerce", "username": "ck_1", "password": "cs_1"}, "boot", "/wp-json/wc/v3/products?search=boot&status=publish&per_page=20",
			`[{"id":3,"name":"Boot","permalink":"https://shop.example/b","price":"99.50","stock_quantity":4,"stock_status":"instock","sku":"","attributes":[{"name":"Size","options":["41","42"]},{"name":"Colour","options":["red"]}]}]`,
			"3: Boot |  | https://shop.example/b |  | price=99.50 | stock=4 | availability=instock | size=41,42",
		},
	} {
		t.Run(name, func(t *testing.T) {
			address, calls := upstream(t, always(c.answer))
			path, _ := c.settings["path"].(string)
			delete(c.settings, "path")
			c.settings["url"] = address + path
			s, _, err := ask(t, opened(t, c.settings), pull.Query{Argument: c.argument})
			if err != nil || len(s.Items) != 1 {
				t.Fatalf("%d items, %v", len(s.Items), err)
			}
			if got := (*calls)[0].uri; got != c.uri {
				t.Errorf("asked for\n%s\nwant\n%s", got, c.uri)
			}
			if got := strings.ReplaceAll(told(s.Items[0]), address, "HOST"); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

const order = `{"id":1042,"number":"1042","status":"completed","currency":"EUR","total":"99.50","date_created_gmt":"2026-05-03T10:00:00","billing":{"postcode":"10115","first_name":"Ada"},"shipping":{"postcode":"SW1A 1AA"},"line_items":[{"name":"Boot"}]}`

// orders is a shop of one order.
func orders(c call) (int, string) {
	if c.header.Get("Authorization") != "Basic "+base64.StdEncoding.EncodeToString([]byte("ck:cs")) {
		return 401, "{}"
	}
	if c.uri != "/wp-json/wc/v3/orders/1042" {
		return 404, `{"code":"woocommerce_rest_shop_order_invalid_id"}`
	}
	return 200, order
}

func shop(address string) values {
	return values{"preset": "woocommerce-order", "url": address, "username": "ck", "password": "cs"}
}

func TestTheStateOfAnOrderIsForWhoKnowsItsPostcode(t *testing.T) {
	address, calls := upstream(t, orders)
	source := opened(t, shop(address))
	for _, argument := range []string{"1042 10115", "#1042, 10115", "1042 sw1a1aa", "1042 SW1A 1AA"} {
		s, found, err := ask(t, source, pull.Query{Argument: argument})
		if err != nil || len(found.Items) != 1 {
			t.Fatalf("%s: %v, %v", argument, found, err)
		}
		if got := told(found.Items[0]); got != "1042: 1042 |  |  |  | currency=EUR | items=Boot | ordered=2026-05-03T10:00:00 | status=completed | total=99.50" {
			t.Errorf("%s: %s", argument, got)
		}
		if s.Expires.After(s.Fetched) || strings.Contains(fmt.Sprint(s.Items), "Ada") {
			t.Errorf("it is kept until %v: %v", s.Expires, s.Items)
		}
	}
	key, _ := source.Key(pull.Query{Argument: "1042 10115"})
	if !strings.HasPrefix(key, pull.PrivateKey("")) {
		t.Errorf("the key is %q", key)
	}
	var said []string
	for _, argument := range []string{"1042 10116", "1043 10115", "1042 1011"} {
		before := len(*calls)
		_, _, err := ask(t, source, pull.Query{Argument: argument})
		if pull.KindOf(err) != pull.Unknown || len(*calls) != before+1 {
			t.Errorf("%s: %v, %d requests", argument, err, len(*calls)-before)
		}
		said = append(said, fmt.Sprint(err))
	}
	if said[0] != said[1] || said[0] != said[2] || strings.Contains(said[0], "10") {
		t.Errorf("a wrong postcode is told apart: %q", said)
	}
	for _, argument := range []string{"", "1042", "10115", "1042/../customers 1", "1042?x=1 10115", "a b c d"} {
		if _, err := source.Key(pull.Query{Argument: argument}); pull.KindOf(err) != pull.Invalid {
			t.Errorf("%q: %v", argument, err)
		}
	}
}

func TestWhoeverGuessesPostcodesIsAskedToStop(t *testing.T) {
	address, calls := upstream(t, orders)
	source := opened(t, shop(address))
	for i := range 20 {
		_, _, _ = ask(t, source, pull.Query{Argument: fmt.Sprintf("1042 %05d", i)})
	}
	if len(*calls) > 10 {
		t.Errorf("%d guesses were tried", len(*calls))
	}
	if _, _, err := ask(t, source, pull.Query{Argument: "1042 10115"}); pull.KindOf(err) != pull.Unknown {
		t.Errorf("after many guesses the right one gives %v", err)
	}
}

func TestShopifyOrders(t *testing.T) {
	address, _ := upstream(t, func(c call) (int, string) {
		if c.header.Get("X-Shopify-Access-Token") != "shpat" || !strings.HasPrefix(c.uri, "/admin/api/2025-07/orders.json?name=1042&") {
			return 404, "{}"
		}
		return 200, `{"orders":[{"id":1,"name":"#10421","shipping_address":{"zip":"10115"}},{"id":2,"name":"#1042","financial_status":"paid","fulfillment_status":null,"total_price":"5.00","currency":"EUR","shipping_address":{"zip":"10115"}}]}`
	})
	_, found, err := ask(t, opened(t, values{"preset": "shopify-order", "url": address, "key": "shpat"}), pull.Query{Argument: "1042 10115"})
	if err != nil || len(found.Items) != 1 || told(found.Items[0]) != "2: #1042 |  |  |  | currency=EUR | payment=paid | total=5.00" {
		t.Errorf("%v, %v", found.Items, err)
	}
}
