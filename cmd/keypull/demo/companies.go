package demo

// company is what the exchange lists. The names are those of real companies,
// the prices are invented.
type company struct {
	symbol   string
	name     string
	currency string
	// close is the last closing price in hundredths of the currency.
	close int64
	// aliases are further names that readers may send.
	aliases []string
}

// companies are listed in the order in which the page shows them.
var companies = []company{
	{"WIPRO", "Wipro", "INR", 512_35, nil},
	{"INFY", "Infosys", "INR", 1_534_20, nil},
	{"SAP", "SAP", "EUR", 231_40, nil},
	{"AIRBUS", "Airbus", "EUR", 178_62, []string{"EADS"}},
	{"NOKIA", "Nokia", "SEK", 52_84, nil},
	{"TCS", "Tata Consultancy Services", "INR", 3_412_75, []string{"Tata Consultancy"}},
	{"RELIANCE", "Reliance Industries", "INR", 1_401_10, []string{"RIL"}},
	{"HDFCBANK", "HDFC Bank", "INR", 1_716_55, []string{"HDFC"}},
	{"ICICIBANK", "ICICI Bank", "INR", 1_283_90, []string{"ICICI"}},
	{"SBIN", "State Bank of India", "INR", 792_15, []string{"SBI"}},
	{"TATAMOTORS", "Tata Motors", "INR", 688_45, nil},
	{"TATASTEEL", "Tata Steel", "INR", 152_60, nil},
	{"BHARTIARTL", "Bharti Airtel", "INR", 1_608_30, []string{"Airtel"}},
	{"MARUTI", "Maruti Suzuki", "INR", 11_842_00, nil},
	{"HINDUNILVR", "Hindustan Unilever", "INR", 2_371_25, []string{"HUL"}},
	{"SUNPHARMA", "Sun Pharma", "INR", 1_745_80, []string{"Sun Pharmaceutical"}},
	{"ITC", "ITC", "INR", 418_95, nil},
	{"LT", "Larsen & Toubro", "INR", 3_566_40, []string{"Larsen", "L&T"}},
	{"SIEMENS", "Siemens", "EUR", 204_18, nil},
	{"ALLIANZ", "Allianz", "EUR", 318_70, nil},
	{"LVMH", "LVMH", "EUR", 588_30, []string{"Louis Vuitton", "Moët Hennessy"}},
	{"LOREAL", "L'Oréal", "EUR", 356_25, nil},
	{"TOTALENERGIES", "TotalEnergies", "EUR", 57_46, nil},
	{"ASML", "ASML", "EUR", 664_90, []string{"ASML Holding"}},
	{"PHILIPS", "Philips", "EUR", 24_38, nil},
	{"NESTLE", "Nestlé", "CHF", 86_74, nil},
	{"NOVARTIS", "Novartis", "CHF", 98_12, nil},
	{"VOLVO", "Volvo", "SEK", 287_60, nil},
	{"ERICSSON", "Ericsson", "SEK", 81_95, nil},
	{"FERRARI", "Ferrari", "EUR", 431_55, nil},
}
