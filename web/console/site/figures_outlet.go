package site

import (
	"time"

	"keypull/web/console"
	"keypull/web/console/corrections"
	"keypull/web/console/pages"
)

// outletTiles tell what is counted of an outlet as a whole: what was corrected and withdrawn
// in those days, and readers who came back.
func (r figuresPages) outletTiles(in console.FiguresGet, curve console.FiguresAnswer) ([]pages.Tile, error) {
	tiles := r.readerTiles(curve)
	if !r.mayDo(corrections.ListWithdrawn) {
		return tiles, nil
	}
	listed, err := corrections.ListWithdrawn.Call(r.callContext(), r.publisherInput())
	if err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation(curve.Zone)
	if err != nil {
		zone = time.UTC // as the operation does
	}
	withdrawn, corrected := 0, 0
	for _, w := range listed.Withdrawals {
		switch day := w.At.In(zone).Format(time.DateOnly); {
		case day < in.From || day > in.To:
		case w.Corrects:
			corrected++
		default:
			withdrawn++
		}
	}
	if withdrawn+corrected+curve.Total.Corrected == 0 {
		return tiles, nil
	}
	return append(tiles, pages.Tile{
		Label: r.t("figures.corrected"), Value: r.numberText(curve.Total.Corrected), Href: r.pathTo(sourceSection, withdrawnPlace),
		Hint: r.t("figures.put_up", "corrected", r.numberText(corrected), "withdrawn", r.numberText(withdrawn)),
	}), nil
}

// readerTiles tell how many readers asked on a day, where there are days on which they were
// so many that no one of them is told of.
func (r figuresPages) readerTiles(curve console.FiguresAnswer) []pages.Tile {
	readers, returned, days, both := 0, 0, 0, 0
	for _, row := range curve.Rows {
		if row.Readers == 0 {
			continue
		}
		readers += row.Readers
		days++
		if row.Returned > 0 {
			returned += row.Returned
			both += row.Readers
		}
	}
	if days == 0 {
		return nil
	}
	tile := pages.Tile{Label: r.t("figures.readers"), Value: r.numberText((readers + days/2) / days)}
	if both > 0 {
		const percent = 100
		tile.Hint = r.t("figures.returned", "percent", r.numberText((percent*returned+both/2)/both))
	}
	return []pages.Tile{tile}
}
