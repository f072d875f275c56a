import 'uplot/dist/uPlot.min.css';
import './styles/base.css';
import './styles/layout.css';
import './styles/parts.css';
import './styles/tables.css';
import './styles/views.css';
import { render } from 'preact';
import { App } from './app.tsx';
import { applyTheme, readTheme } from './preferences.ts';

applyTheme(readTheme());
render(<App />, document.body);
