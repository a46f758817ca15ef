/// What kind of voucher a file is, and what carries it (凭证种类).
package enum EvidenceKind: String, Hashable, Sendable, CaseIterable {
    /// 数电票, the legal data as XML.
    case einvXML = "einv_xml"
    /// 数电票 as OFD.
    case einvOFD = "einv_ofd"
    /// 数电票 as PDF.
    case einvPDF = "einv_pdf"
    /// 增值税电子发票 as PDF.
    case invPDF = "inv_pdf"
    /// 增值税电子发票 as OFD, with its original data attached.
    case invOFD = "inv_ofd"
    /// 增值税电子发票 as OFD, with XBRL attached.
    case invXBRL = "inv_xbrl_ofd"
    /// 铁路电子客票.
    case rai
    /// 航空运输电子客票行程单.
    case atr
    /// 银行电子回单.
    case bker
    /// 银行电子对账单.
    case bkrs
    /// 财政电子票据.
    case efi
    /// 电子非税收入一般缴款书.
    case ntrev

    /// Whether it is a 数电票, which has one number of 20 digits and no code.
    package var isDigitalInvoice: Bool {
        switch self {
        case .einvXML, .einvOFD, .einvPDF, .rai, .atr: true
        case .invOFD, .invXBRL, .invPDF, .bker, .bkrs, .efi, .ntrev: false
        }
    }
}
