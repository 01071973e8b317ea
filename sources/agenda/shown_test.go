package agenda_test

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"keypull/sources/agenda"
)

// TestHoursAreReadInEveryLanguage reads a heading and two lines of each: from Monday to Friday, and no day else.
func TestHoursAreReadInEveryLanguage(t *testing.T) {
	for _, c := range [][4]string{
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
	} {
		root, err := html.Parse(strings.NewReader("<h2>" + c[1] + "</h2><ul><li>" + c[2] + "</li><li>" + c[3] + "</li></ul>"))
		if err != nil {
			t.Fatal(err)
		}
		if got := agenda.FindHours(root, c[0], false); !slices.Equal(got, []string{"mon-fri 09:00-18:00"}) {
			t.Errorf("%s: %q, %q: read as %q", c[0], c[2], c[3], got)
		}
	}
}

// TestHoursWithoutAPauseAreReadAsHours holds for what is written behind hours to say that no pause is in them.
func TestHoursWithoutAPauseAreReadAsHours(t *testing.T) {
	for _, c := range [][3]string{
		{"fr", "Mardi à vendredi, 9 h – 17 h 50 sans interruption", "Samedi, 9 h – 12 h"},
		{"it", "Martedì-venerdì 9–17.50 orario continuato", "Sabato 9–12"},
		{"de", "Di–Fr durchgehend 9–17.50 Uhr", "Sa 9–12 Uhr"},
		{"es", "Martes a viernes 9:00–17:50 (ininterrumpidamente)", "Sábado 9:00–12:00"},
		{"pt", "Terça a sexta: 9h00–17h50 sem interrupção", "Sábado: 9h00–12h00"},
		{"nl", "Dinsdag t/m vrijdag doorlopend 9.00–17.50 uur", "Zaterdag 9.00–12.00 uur"},
		{"ru", "Вт–Пт: 9:00–17:50 без перерыва", "Сб: 9:00–12:00"},
		{"pl", "Wt.–pt. 9:00–17:50 bez przerwy", "Sobota 9:00–12:00"},
		{"ja", "火～金 9:00～17:50（休憩なし）", "土 9:00～12:00"},
	} {
		if got := strings.Join(agenda.ReadHours(c[1:], c[0]), ", "); got != "tue-fri 09:00-17:50, sat 09:00-12:00" {
			t.Errorf("%s: %q is %q", c[0], c[1], got)
		}
	}
}

// TestHoursOfAnotherPlaceAreNotThoseOfThePage holds for lists whose caption names what the title of their page does not.
func TestHoursOfAnotherPlaceAreNotThoseOfThePage(t *testing.T) {
	for caption, found := range map[string]bool{"Opening hours": true, "Opening hours of the Packet": true, "Opening hours of the library": false, "When the pool is open": false} {
		page := "<title>Useful hours – The Packet</title><h1>Useful hours</h1><table><caption>" + caption + "</caption><tr><th>Tuesday<td>9–12<tr><th>Friday<td>14–18</table>"
		root, err := html.Parse(strings.NewReader(page))
		if err != nil {
			t.Fatal(err)
		}
		if hours := agenda.FindHours(root, "en", false); (len(hours) > 0) != found {
			t.Errorf("%s: %v", caption, hours)
		}
	}
}
