package table_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"keypull/sources/sourcetest"
	"keypull/sources/table"
)

// packed returns an archive of the parts, name and content in turn.
func packed(parts ...string) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i+1 < len(parts); i += 2 {
		header := &zip.FileHeader{Name: parts[i], Method: zip.Deflate}
		if parts[i] == "mimetype" {
			header.Method = zip.Store
		}
		f, err := w.CreateHeader(header)
		if err != nil {
			panic(err)
		}
		if _, err := f.Write([]byte(parts[i+1])); err != nil {
			panic(err)
		}
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// xlsx returns a workbook as spreadsheets write it, with parts of it in place of its
// own.
func xlsx(instead map[string]string) []byte {
	const main = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`
	parts := []string{
		"[Content_Types].xml", `<Types/>`,
		"xl/workbook.xml", `<?xml version="1.0"?><workbook ` + main + `><workbookPr/><sheets><sheet name="Fair" sheetId="1" r:id="rId1"/><sheet name="Old ones" sheetId="2" r:id="rId2"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="rId1" Type="w" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="w" Target="/xl/worksheets/sheet2.xml"/></Relationships>`,
		"xl/sharedStrings.xml", `<sst ` + main + `><si><t>Name</t></si><si><r><t>Big </t></r><r><t xml:space="preserve">wheel &amp; more</t></r><rPh><t>aloud</t></rPh></si><si><t>price</t></si></sst>`,
		"xl/styles.xml", `<styleSheet ` + main + `><numFmts count="2"><numFmt numFmtId="164" formatCode="dd/mm/yyyy\ hh:mm"/><numFmt numFmtId="165" formatCode="#,##0.00\ &quot;days&quot;"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="20"/></cellXfs></styleSheet>`,
		"xl/worksheets/sheet1.xml", `<worksheet ` + main + `><sheetData>
			<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="s"><v>2</v></c><c r="C2" t="inlineStr"><is><t>day</t></is></c><c r="D2" t="str"><f>A1</f><v>moment</v></c><c r="E2" t="inlineStr"><is><t>clock</t></is></c><c r="F2" t="inlineStr"><is><t>open</t></is></c><c r="H2" t="inlineStr"><is><t>rest</t></is></c></row>
			<row r="4"><c r="A4" t="s"><v>1</v></c><c r="B4" s="3"><v>19.899999999999999</v></c><c r="C4" s="1"><v>46082</v></c><c r="D4" s="2"><v>46082.75</v></c><c r="E4" s="4"><v>0.5</v></c><c r="F4" t="b"><v>1</v></c><c r="G4"><v>7</v></c><c r="H4" t="e"><v>#N/A</v></c></row>
		</sheetData></worksheet>`,
		"xl/worksheets/sheet2.xml", `<worksheet ` + main + `><sheetData><row><c t="inlineStr"><is><t>Name</t></is></c></row><row><c t="inlineStr"><is><t>Swing</t></is></c></row></sheetData></worksheet>`,
	}
	for i := 0; i < len(parts); i += 2 {
		if other, ok := instead[parts[i]]; ok && i+1 < len(parts) {
			parts[i+1] = other
		}
	}
	return packed(parts...)
}

// ods returns a spreadsheet as office programs write it.
func ods() []byte {
	return packed("mimetype", "application/vnd.oasis.opendocument.spreadsheet", "content.xml", `<?xml version="1.0"?>
<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><office:body><office:spreadsheet>
<table:table table:name="Dates">
<table:table-row><table:table-cell office:value-type="string"><text:p>Name</text:p></table:table-cell><table:table-cell office:value-type="string"><text:p>day</text:p></table:table-cell><table:table-cell office:value-type="string"><text:p>cost</text:p></table:table-cell><table:table-cell office:value-type="string"><text:p>share</text:p></table:table-cell><table:table-cell table:number-columns-repeated="16000"/></table:table-row>
<table:table-row table:number-rows-repeated="3"><table:table-cell table:number-columns-repeated="16004"/></table:table-row>
<table:table-row><table:table-cell office:value-type="string"><office:annotation><text:p>a note</text:p></office:annotation><text:p>Market</text:p></table:table-cell><table:table-cell office:value-type="date" office:date-value="2026-03-07"><text:p>07.03.26</text:p></table:table-cell><table:table-cell office:value-type="currency" office:currency="EUR" office:value="3.5"><text:p>3,50 €</text:p></table:table-cell><table:table-cell office:value-type="percentage" office:value="0.25"><text:p>25 %</text:p></table:table-cell></table:table-row>
<table:table-row table:number-rows-repeated="1"><table:table-cell office:value-type="string"><text:p>Bridge<text:s/>works</text:p><text:p>closed</text:p></table:table-cell><table:table-cell office:value-type="date" office:date-value="2026-03-08T14:30:00"/><table:table-cell office:value-type="float" office:value="2"/></table:table-row>
<table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>
</table:table>
<table:table table:name="Names"><table:table-row><table:table-cell><text:p>Name</text:p></table:table-cell></table:table-row><table:table-row><table:table-cell><text:p>Ann</text:p></table:table-cell></table:table-row></table:table>
</office:spreadsheet></office:body></office:document-content>`)
}

func TestWorkbooksAreReadByTheirValues(t *testing.T) {
	base := t.TempDir()
	for name, body := range map[string][]byte{"a.xlsx": xlsx(nil), "b.ods": ods(), "later.xlsx": xlsx(map[string]string{
		"xl/workbook.xml": `<workbook xmlns:r="r"><workbookPr date1904="1"/><sheets><sheet name="S" r:id="rId1"/></sheets></workbook>`,
	})} {
		if err := os.WriteFile(filepath.Join(base, name), body, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		file, sheet string
		want        []string
	}{
		{"a.xlsx", "", []string{"Big wheel & more price=19.9 day=2026-03-01 moment=2026-03-01 18:00:00 clock=12:00:00 open=true"}},
		{"a.xlsx", "old ones", []string{"Swing"}},
		{"later.xlsx", "", []string{"Big wheel & more price=19.9 day=2030-03-02 moment=2030-03-02 18:00:00 clock=12:00:00 open=true"}},
		{"b.ods", "", []string{"Market day=2026-03-07 cost=3.5 EUR share=25 %", "Bridge works closed day=2026-03-08 14:30:00 cost=2"}},
		{"b.ods", "Names", []string{"Ann"}},
	} {
		got, _, err := told(t, sourcetest.Env(t, base), values{"file": c.file, "sheet": c.sheet})
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s %s: got %q, %v; want %q", c.file, c.sheet, got, err, c.want)
		}
	}
	_, _, err := told(t, sourcetest.Env(t, base), values{"file": "a.xlsx", "sheet": "Prices"})
	if err == nil || !strings.Contains(err.Error(), "there is no sheet “Prices”; the sheets are Fair, Old ones") {
		t.Errorf("a sheet that is not there: %v", err)
	}
}

func TestHostileWorkbooksTakeLittleMemory(t *testing.T) {
	base := t.TempDir()
	row := `<row><c t="inlineStr"><is><t>x</t></is></c></row>`
	for name, body := range map[string][]byte{
		"rows without end":   xlsx(map[string]string{"xl/worksheets/sheet1.xml": "<worksheet><sheetData>" + strings.Repeat(row, 600_000)}),
		"texts without end":  xlsx(map[string]string{"xl/sharedStrings.xml": "<sst>" + strings.Repeat("<si/>", 2_000_000)}),
		"one text":           xlsx(map[string]string{"xl/sharedStrings.xml": "<sst><si><t>" + strings.Repeat("x", 40<<20)}),
		"depth":              xlsx(map[string]string{"xl/worksheets/sheet1.xml": strings.Repeat("<a>", 1_000_000)}),
		"styles without end": xlsx(map[string]string{"xl/styles.xml": "<s><cellXfs>" + strings.Repeat("<xf/>", 2_000_000)}),
		"a document type":    xlsx(map[string]string{"xl/workbook.xml": `<!DOCTYPE x [<!ENTITY a "` + strings.Repeat("x", 1000) + `"><!ENTITY b "&a;&a;">]><workbook>&b;</workbook>`}),
		"repeated cells":     packed("mimetype", "application/vnd.oasis.opendocument.spreadsheet", "content.xml", `<d xmlns:t="t"><t:table t:name="a"><t:table-row t:number-rows-repeated="1000000000"><t:table-cell t:number-columns-repeated="1000000000"><p>x</p></t:table-cell></t:table-row></t:table></d>`),
	} {
		t.Run(name, func(t *testing.T) {
			if err := os.WriteFile(filepath.Join(base, "x"), body, 0o600); err != nil {
				t.Fatal(err)
			}
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			lines, _, err := told(t, sourcetest.Env(t, base), values{"file": "x"})
			runtime.ReadMemStats(&after)
			if err == nil && len(lines) > 2000 {
				t.Errorf("%d rows are told", len(lines))
			}
			if grown := after.HeapSys - min(before.HeapSys, after.HeapSys); grown > 200<<20 {
				t.Errorf("the heap grows by %d MiB: %v", grown>>20, err)
			}
		})
	}
}

func TestAddressesOfSheetsLeadToTheirContent(t *testing.T) {
	const id = "1a2b3c4d5e6f7g8h9i0jklmnop"
	for address, want := range map[string]string{
		"https://docs.google.com/spreadsheets/d/" + id + "/edit":                              "https://docs.google.com/spreadsheets/d/" + id + "/export?format=csv",
		"https://docs.google.com/spreadsheets/d/" + id + "/edit?gid=5#gid=5":                  "https://docs.google.com/spreadsheets/d/" + id + "/export?format=csv&gid=5",
		"https://docs.google.com/spreadsheets/u/1/d/" + id:                                    "https://docs.google.com/spreadsheets/u/1/d/" + id + "/export?format=csv",
		"https://docs.google.com/spreadsheets/d/e/2PACX-" + id + "/pubhtml?gid=3&single=true": "https://docs.google.com/spreadsheets/d/e/2PACX-" + id + "/pub?gid=3&output=csv&single=true",
		"https://docs.google.com/spreadsheets/d/e/2PACX-" + id + "/pub?output=xlsx":           "https://docs.google.com/spreadsheets/d/e/2PACX-" + id + "/pub?output=xlsx",
		"https://docs.google.com/spreadsheets/d/" + id + "/export?format=xlsx":                "https://docs.google.com/spreadsheets/d/" + id + "/export?format=xlsx",
		"https://example.org/prices.csv?edit=1#gid=2":                                         "https://example.org/prices.csv?edit=1#gid=2",
	} {
		if got := table.SheetAddress(address); got != want {
			t.Errorf("%s leads to\n%s, want\n%s", address, got, want)
		}
	}
}

func FuzzTable(f *testing.F) {
	for _, seed := range [][]byte{[]byte(lamps), xlsx(nil), ods(), []byte("a\tb\n1\t2"), []byte("sep=;\na;b"), []byte("\xFF\xFEa\x00"), []byte("<html><table><caption>a<tr><td colspan=9>b<td>c<table><tr><th>d</table></table>")} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		lines, err := table.Read(body)
		if err == nil && lines > 2020 {
			t.Errorf("%d lines are kept", lines)
		}
		if err != nil && fmt.Sprint(err) == "" {
			t.Error("it says nothing")
		}
	})
}
