package agenda_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"keypull/sources/agenda"
)

// hoursInLanguages are a heading and two lines of each language: from Monday to Friday, and no day else.
var hoursInLanguages = [][4]string{
	{"sv", "Öppettider", "Vardagar 9–18", "Lördag–söndag och röda dagar stängt"},
	{"da", "Åbningstider", "Mandag til fredag kl. 9-18", "Lørdag og søndag: lukket"},
	{"nb", "Åpningstider", "Man–fre kl. 09.00–18.00", "Lør., søn. og helligdager: stengt"},
	{"fi", "Aukioloajat", "Ma–pe klo 9–18", "La–su suljettu"},
	{"cs", "Otevírací doba", "Po–Pá 9:00 – 18:00 hod.", "So, Ne a svátky: zavřeno"},
	{"sk", "Otváracie hodiny", "Pondelok – piatok 9.00 – 18.00 hod.", "Sobota a nedeľa: zatvorené"},
	{"hu", "Nyitvatartás", "Hétfő–Péntek: 9:00–18:00", "Szombat, vasárnap: zárva"},
	{"ro", "Program de lucru", "Luni - Vineri: 09:00 - 18:00", "Sâmbătă și duminică: închis"},
	{"hr", "Radno vrijeme", "Pon – pet: 9 – 18 sati", "Subotom, nedjeljom i praznicima: zatvoreno"},
	{"lt", "Darbo laikas", "I–V 9.00–18.00 val.", "Šeštadienį ir sekmadienį nedirbame"},
	{"lv", "Darba laiks", "P.–Pk. plkst. 9.00–18.00", "Sestdien un svētdien slēgts"},
	{"el", "Ωράριο λειτουργίας", "Δευτέρα - Παρασκευή: 9:00 - 18:00", "Σάββατο και Κυριακή: κλειστά"},
	{"bg", "Работно време", "Понеделник – петък: 9:00 – 18:00 ч.", "Събота и неделя: почивен ден"},
	{"uk", "Графік роботи", "Пн–Пт: 9:00–18:00", "Сб, Нд: вихідний"},
	{"ca", "Horari", "De dilluns a divendres: 9.00 - 18.00 h", "Dissabtes, diumenges i festius: tancat"},
	{"pl", "Godziny otwarcia", "Pn–pt 9–18", "Sobota i niedziela: nieczynne"},
	{"ru", "Режим работы", "Пн–Пт: с 9:00 до 18:00", "Сб, Вс: выходной"},
	{"tr", "Çalışma saatleri", "Hafta içi: 09.00 - 18.00", "Cumartesi, Pazar: kapalı"},
	{"es", "Horario", "L–V 9:00–18:00", "Sábado y domingo: cerrado"},
	{"it", "Orari", "Giorni feriali: 9 - 18", "Sabato, domenica e festivi: chiuso"},
	{"nl", "Openingstijden", "Werkdagen 9.00–18.00 uur", "Za. en zo.: gesloten"},
	{"fr", "Horaires", "Du lundi au vendredi : 9 h – 18 h", "Samedi, dimanche et jours fériés : fermé"},
	{"ko", "영업시간", "월–금 09:00–18:00", "토, 일: 휴무"},
	{"vi", "Giờ mở cửa", "Thứ hai – thứ sáu: 9:00 – 18:00", "Thứ bảy, chủ nhật: nghỉ"},
	{"ja", "営業時間", "月～金 9:00～18:00", "土・日・祝日 休業"},
	{"zh", "营业时间", "周一至周五 9:00-18:00", "周六、周日休息"},
	{"id", "Jam buka", "Senin–Jumat 09.00–18.00 WIB", "Sabtu dan Minggu: tutup"},
	{"he", "שעות פתיחה", "ב'–ו': 9:00–18:00", "שבת וראשון: סגור"},
	{"en", "Opening hours", "Weekdays 9am – 6pm", "Weekends and bank holidays: closed"},
	{"de", "Öffnungszeiten", "Mo.–Fr. 9:00 – 18:00 Uhr", "Sa., So. und feiertags geschlossen"},
	{"pt", "Horário", "Dias úteis: das 9h00 às 18h00", "Sábados e domingos: encerrado"},
}

func TestHoursAreReadInEveryLanguage(t *testing.T) {
	for _, c := range hoursInLanguages {
		root, err := html.Parse(strings.NewReader("<h2>" + c[1] + "</h2><ul><li>" + c[2] + "</li><li>" + c[3] + "</li></ul>"))
		if err != nil {
			t.Fatal(err)
		}
		if got := agenda.FindHours(root, c[0], false); !slices.Equal(got, []string{"mon-fri 09:00-18:00"}) {
			t.Errorf("%s: %q, %q: read as %q", c[0], c[2], c[3], got)
		}
	}
}

// TestHoursWithoutAPauseAreReadAsHours goes through what is written behind hours to say so, in each language that
// says it; what is unbroken is named before it where it is not the house.
func TestHoursWithoutAPauseAreReadAsHours(t *testing.T) {
	tried := 0
	for _, c := range hoursInLanguages {
		asks, err := os.ReadFile("asks/" + c[0] + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		_, said, _ := strings.Cut(string(asks), "\nunbroken: ")
		said, _, _ = strings.Cut(said, "\n")
		for phrase := range strings.SplitSeq(said, " | ") {
			if phrase == "" {
				continue
			}
			tried++
			if got := agenda.ReadHours([]string{c[2] + " (" + phrase + ")", c[3]}, c[0]); !slices.Equal(got, []string{"mon-fri 09:00-18:00"}) {
				t.Errorf("%s: %s is %v", c[0], phrase, got)
			}
		}
	}
	if tried < len(hoursInLanguages) {
		t.Errorf("only %d phrases", tried)
	}
	for _, line := range []string{"Di–Fr warme Küche durchgehend 11.30–22 Uhr", "Di–Fr Telefon durchgehend 9–17 Uhr"} {
		if got := agenda.ReadHours([]string{line, "Sa 9–12 Uhr"}, "de"); got != nil {
			t.Errorf("%s is %v", line, got)
		}
	}
}

// TestHoursOfAnotherPlaceAreNotThoseOfThePage holds for lists whose caption says what is open, and what the page is not called by.
func TestHoursOfAnotherPlaceAreNotThoseOfThePage(t *testing.T) {
	for _, c := range []struct {
		language, title, top, caption string
		found                         bool
	}{
		{"en", "Useful hours – The Packet", "Useful hours", "Opening hours", true},
		{"en", "Useful hours – The Packet", "Useful hours", "Opening hours of the Packet", true},
		{"en", "Useful hours – The Packet", "Useful hours", "Opening hours of the library", false},
		{"en", "Useful hours – The Packet", "Useful hours", "When the pool is open", false},
		{"en", "Opening hours", "Central Library", "Library opening hours", true},
		{"en", "Opening hours – The Packet", "Opening hours", "Weekly schedule", true},
		{"de", "Öffnungszeiten – Museum Alte Mühle", "Öffnungszeiten", "Öffnungszeiten des Museums", true},
		{"de", "Rathaus – Gemeinde Ried", "Öffnungszeiten", "Öffnungszeiten des Wertstoffhofs", false},
		{"pl", "Biblioteka w Zagrodzie", "Godziny otwarcia", "Godziny otwarcia biblioteki", true},
	} {
		page := "<title>" + c.title + "</title><svg><title>Menu</title></svg><h1>" + c.top + "</h1><h2>" + map[string]string{"de": "Öffnungszeiten", "pl": "Godziny otwarcia", "en": "Opening hours"}[c.language] +
			"</h2><table><caption>" + c.caption + "</caption><tr><th>" + map[string]string{"de": "Dienstag", "pl": "Wtorek", "en": "Tuesday"}[c.language] + "<td>9–12<tr><th>" + map[string]string{"de": "Freitag", "pl": "Piątek", "en": "Friday"}[c.language] + "<td>14–18</table>"
		root, err := html.Parse(strings.NewReader(page))
		if err != nil {
			t.Fatal(err)
		}
		if hours := agenda.FindHours(root, c.language, false); (len(hours) > 0) != c.found {
			t.Errorf("%s: %v", c.caption, hours)
		}
	}
}
