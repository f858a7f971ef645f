import { QRCodeSVG } from 'qrcode.react';

/** Black on white with its quiet zone, on a dark screen too: many cameras read nothing else. */
export function QrPicture({ url, label, className }: { url: string; label: string; className: string }) {
  return (
    <QRCodeSVG
      value={url}
      level="M"
      marginSize={4}
      bgColor="#ffffff"
      fgColor="#000000"
      role="img"
      aria-label={label}
      className={className}
    />
  );
}
