import Kernel

extension EvidenceDraft {
    /// The QR code repeats code, number, day and an amount: without tax on older invoices, with tax on 数电票.
    ///
    /// `01,32,,26337000000410000017,3000.00,20260312,,73E7`; zeros at the end of the amount may be left out.
    mutating func checkCodes(_ codes: [String]?) {
        let fields = (codes ?? []).lazy.map { $0.split(separator: ",", omittingEmptySubsequences: false) }
            .first { $0.count >= 7 && $0[0] == "01" }
        guard let fields else { return }
        checkAgreement("qr_number", String(fields[3]), number)
        if let code { checkAgreement("qr_code", String(fields[2]), code) }
        let text = String(fields[4])
        let amount = (try? readAmount(text, field: "QR", currency: currency))?.money
        let printed = code == nil ? total : net
        checkAgreement(code == nil ? "qr_total" : "qr_net", amount?.text ?? text.nonEmpty, printed?.text)
        checkAgreement("qr_date", readDay(String(fields[5]))?.text, issueDate?.text)
    }
}
