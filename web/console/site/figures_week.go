package site

import (
	"strconv"
	"strings"

	"keypull/web/console"
)

// figuresWeekday is a day of the week by its hours.
type figuresWeekday struct {
	Name  string
	Hours []figuresHour
}

// figuresHour is an hour of the week: Heat is from 0, where nothing was asked, to 5.
type figuresHour struct{ Asked, Heat int }

// weekOf returns the hours of the week.
func (r figuresPages) weekOf(rows []console.FigureRow) []figuresWeekday {
	const levels = 5
	most := 1
	week := make([]figuresWeekday, 0, 7)
	for _, name := range strings.Fields(r.t("figures.weekdays")) {
		week = append(week, figuresWeekday{Name: name, Hours: make([]figuresHour, hoursOfDay)})
	}
	for _, row := range rows {
		most = max(most, row.Asked)
	}
	for _, row := range rows {
		day, hour, _ := strings.Cut(row.By, " ")
		d, _ := strconv.Atoi(day)
		h, _ := strconv.Atoi(strings.TrimSuffix(hour, ":00"))
		if d >= 1 && d <= len(week) && h < hoursOfDay {
			week[d-1].Hours[h] = figuresHour{row.Asked, min((row.Asked*levels+most-1)/most, levels)}
		}
	}
	return week
}

func hourNames() []string {
	names := make([]string, hoursOfDay)
	for h := range names {
		names[h] = strconv.Itoa(h)
	}
	return names
}
